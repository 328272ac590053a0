-- A step of a task that sends what the endpoint never got. ARGV: 7 lowest message | 8 highest | 9 how many types it wants or
--       '' for all | the types | how many channels it wants or '' for all | the channels
local at = 9
local function names()
  if ARGV[at] == '' then
    at = at + 1
    return nil
  end
  local set, count_of = {}, tonumber(ARGV[at])
  for i = at + 1, at + count_of do set[ARGV[i]] = true end
  at = at + count_of + 1
  return set
end
local types, channels = names(), names()

local function is_wanted(stored)
  local kind, _, of = header(stored)
  if types and not types[kind] then return false end
  if not channels then return true end
  for _, channel in ipairs(of) do
    if channels[channel] then return true end
  end
  return false
end

local function has_delivery(message, stored)
  if call('HEXISTS', P .. 'd:' .. message, id) == 1 then return true end
  for k = 0, tonumber(string.sub(stored, 54, 58)) - 1 do
    if string.sub(stored, 65 + 27 * k, 91 + 27 * k) == id then return true end
  end
  return false
end

return run(function(q)
  local found = call('ZRANGEBYLEX', P .. 'i:' .. app, ARGV[7], ARGV[8], 'LIMIT', 0, most)
  for _, message in ipairs(found) do
    scanned, cursor = scanned + 1, message
    local stored, sendable = stored_head(message)
    if sendable and is_wanted(stored) and not has_delivery(message, stored) then
      count(q, 'c', 1)
      changed_unseen(id)
      put_back_now(q, message, '0', 's')
    end
  end
  return #found < most
end)
