-- Makes a delivery due at once by hand. ARGV: 2 application | 3 endpoint | 4 message
-- Answers: time | when to claim | D done | N not found | P payload gone
local app, id, message = ARGV[2], ARGV[3], ARGV[4]
local stored = call('GET', P .. 'm:' .. message)
if not stored or string.sub(stored, 27, 53) ~= app or call('HEXISTS', P .. 'n:' .. app, id) == 0 then
  return { NOW - AHEAD, -1, 'N' }
end
local fan, head = tonumber(string.sub(stored, 54, 58)), tonumber(string.sub(stored, 59, 64))
if tonumber(string.sub(stored, 14, 26)) <= NOW - AHEAD or #stored <= 64 + 27 * fan + head then
  return { NOW - AHEAD, -1, 'P' }
end

local q = queue_of(id)

local function at_front(due, attempts, trigger)
  call('ZADD', P .. 'q:' .. id, num(due), member(message, attempts, trigger))
  call('HSET', P .. 'd:' .. message, id, waiting_row(attempts, 'q', num(due), trigger))
  if q.o == 0 then
    q.o = 1
    call('SADD', P .. 'o', id)
  end
  schedule(q, due)
end

-- One that waits moves before all others; what is in flight stays.
local function move(class, name, attempts, trigger)
  local due = call('ZSCORE', P .. class .. ':' .. id, name)
  if not due then return end
  call('ZREM', P .. class .. ':' .. id, name)
  local first = call('ZRANGE', P .. 'q:' .. id, 0, 0, 'WITHSCORES')[2]
  at_front(math.min(NOW, first and tonumber(first) - 1 or tonumber(due)), attempts, trigger)
end

local row = call('HGET', P .. 'd:' .. message, id)
if row then
  local state, attempts, rest = string.match(row, '^(%u) (%d+) %d+ ?(.*)$')
  if state == 'W' then
    local class, _, trigger, fence = string.match(rest, '^(%l) (%d+) (%l) (%d+)$')
    move(class, member(message, attempts, trigger, fence ~= '0' and fence or nil), attempts, trigger)
  else
    count(q, state == 'S' and 's' or state == 'F' and 'f' or 'x', -1)
    changed_unseen(id)
    at_front(NOW, attempts, 'm')
  end
else
  local known = false
  for k = 0, fan - 1 do
    known = known or string.sub(stored, 65 + 27 * k, 91 + 27 * k) == id
  end
  if known then
    move('q', message, '0', 's')
  else
    q.a = app
    count(q, 'c', 1)
    changed_unseen(id)
    at_front(NOW, '0', 'm')
  end
end
finish()
return { NOW - AHEAD, earliest_wall(), 'D' }
