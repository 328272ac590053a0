-- Looks at some entries of an index of an endpoint, from behind: what is taken from its front meanwhile shifts none out of
-- sight. ARGV: 3 q, r, h or j | 4 endpoint | 5 how many entries are left to look at, or '' for all | 6 how many at most
-- Answers: time | when to claim | differences | how many are left | how many of those looked at do not belong there
local class, id = ARGV[3], ARGV[4]
local key = P .. class .. ':' .. id
local size = call('ZCARD', key)
local left = ARGV[5] == '' and size or math.min(size, tonumber(ARGV[5]))
local from = math.max(0, left - tonumber(ARGV[6]))
local names = left > 0 and call('ZRANGE', key, from, left - 1) or {}

local strays = 0

local function went_to(stored)
  for k = 0, tonumber(string.sub(stored, 54, 58)) - 1 do
    if string.sub(stored, 65 + 27 * k, 91 + 27 * k) == id then return true end
  end
  return false
end

local function dangling(name, detail)
  strays = strays + 1
  found('DANGLING_INDEX_ENTRY', class .. ':' .. id .. ' ' .. name, detail, function()
    call('ZREM', key, name)
    if class == 'q' or class == 'r' then schedule(queue_of(id)) end
  end)
end

local function look_at_waiting(name)
  local message = string.sub(name, 1, 27)
  local stored = stored_head(message)
  if not stored then return dangling(name, 'there is no such message') end
  local row = call('HGET', P .. 'd:' .. message, id)
  if not row then
    if class ~= 'q' or name ~= message or not went_to(stored) then dangling(name, 'no such delivery waits') end
    return
  end
  if string.sub(row, 1, 1) ~= 'W' then
    strays = strays + 1
    found('TWO_STATES', class .. ':' .. id .. ' ' .. name, 'it stands in its queue, but has ended', function()
      call('ZREM', key, name)
      schedule(queue_of(id))
    end)
    return
  end
  local tried, place, _, trigger, fence = string.match(row, '^W (%d+) %d+ (%l) (%d+) (%l) (%d+)$')
  if tried and (place ~= class or member(message, tried, trigger, fence ~= '0' and fence or nil) ~= name) then
    dangling(name, 'the delivery waits at another place')
  end
end

for i = #names, 1, -1 do
  local name = names[i]
  if class == 'h' then
    if call('HEXISTS', P .. 't:' .. string.sub(name, 28), string.sub(name, 1, 27)) == 0 then
      dangling(name, 'there is no such attempt')
    end
  elseif class == 'j' then
    if call('EXISTS', P .. 'm:' .. name) == 0 then dangling(name, 'there is no such message') end
  else
    look_at_waiting(name)
  end
end
finish()
return { NOW - AHEAD, earliest_wall(), findings, from, strays }
