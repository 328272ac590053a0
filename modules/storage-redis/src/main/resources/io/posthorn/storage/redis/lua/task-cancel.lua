-- A step of a task that cancels what waits. ARGV: 7 the message below which, in the order of ids. Its cursor is the class,
-- due time and member behind which it goes on in the queue.
local class, due, name = string.match(ARGV[3], '^(%l) (%S+) (.*)$')
class = class or 'q'

-- How many stand in the queue before, or are, what the cursor names.
local function passed(key)
  if not name then return 0 end
  local low, high = call('ZCOUNT', key, '-inf', '(' .. due), call('ZCOUNT', key, '-inf', due)
  while low < high do
    local middle = math.floor((low + high) / 2)
    if is_before(name, call('ZRANGE', key, middle, middle)[1]) then high = middle else low = middle + 1 end
  end
  return low
end

local function cancel(q, message, attempts, fence)
  if fence then call('HDEL', P .. 'l:' .. fence, id .. message) end
  call('HSET', P .. 'd:' .. message, id, 'C ' .. attempts .. ' ' .. num(NOW))
  count(q, 'x', 1)
  changed = changed + 1
end

return run(function(q)
  local key = P .. class .. ':' .. id
  local from = passed(key)
  local found = call('ZRANGE', key, from, from + most - 1, 'WITHSCORES')
  local gone = {}
  for i = 1, #found, 2 do
    local message, attempts, _, fence = parts(found[i])
    scanned, cursor = scanned + 1, class .. ' ' .. found[i + 1] .. ' ' .. found[i]
    if is_before(message, ARGV[7]) then
      gone[#gone + 1] = found[i]
      cancel(q, message, attempts, fence)
    end
  end
  if #gone > 0 then call('ZREM', key, unpack(gone)) end
  if #found == 2 * most then return false end
  if class == 'r' then return true end
  cursor = 'r -1 '
  return false
end)
