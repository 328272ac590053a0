-- Moves on what nobody else will. ARGV: 2 how many leases at most | 3 how many deliveries to cancel at most
-- 4 for how many ms attempts are kept
-- Answers: time | when to claim next | 1 when there is more to do at once | 1 when something has outlived its time or a
-- background task is not done
local more = put_back(tonumber(ARGV[2]))
local left = tonumber(ARGV[3])

local function cancel(q, class)
  local key = P .. class .. ':' .. q.id
  local names = call('ZRANGE', key, 0, left - 1)
  for _, name in ipairs(names) do
    local message, attempts = parts(name)
    call('HSET', P .. 'd:' .. message, q.id, 'C ' .. attempts .. ' ' .. num(NOW))
  end
  if #names > 0 then
    call('ZREMRANGEBYRANK', key, 0, #names - 1)
    count(q, 'x', #names)
    left = left - #names
  end
end

for _, id in ipairs(call('SRANDMEMBER', P .. 'x', 16)) do
  local q = queue_of(id)
  if left > 0 then cancel(q, 'q') end
  if left > 0 then cancel(q, 'r') end
  if left > 0 and q.n == 0 then call('SREM', P .. 'x', id) end
end
if left <= 0 then more = true end
finish()

local HOUR = 3600000

local function has_until(list, last)
  return #call('ZRANGEBYSCORE', P .. list, '-inf', num(last), 'LIMIT', 0, 1) > 0
end

local function has_outlived()
  local wall = NOW - AHEAD
  local begun_before = wall - tonumber(ARGV[4])
  return call('EXISTS', P .. 'g') == 1 or has_until('hx', begun_before) or has_until('gx', begun_before)
    or has_until('xh', math.floor(wall / HOUR) - 1)
end

return { NOW - AHEAD, next_claimable(), more and 1 or 0, has_outlived() and 1 or 0 }
