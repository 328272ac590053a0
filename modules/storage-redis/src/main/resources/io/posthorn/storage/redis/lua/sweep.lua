-- Moves on what nobody else will. ARGV: 2 how many leases at most | 3 how many deliveries to cancel at most
-- Answers: time | when to claim next | 1 when there is more to do at once
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
return { NOW - AHEAD, next_claimable(), more and 1 or 0 }
