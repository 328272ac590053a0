-- Looks for the lease that holds a delivery, the one that ends last first.
-- ARGV: 2 endpoint and message | 3 how many leases to pass over | 4 how many to look at
-- Answers: time | 1 when there are more | node and since, as the claim stored them, or '' | end of the lease
local fences = call('ZREVRANGE', P .. 'l', ARGV[3], ARGV[3] + ARGV[4] - 1, 'WITHSCORES')
for i = 1, #fences, 2 do
  local found = call('HMGET', P .. 'l:' .. fences[i], ARGV[2], 'node')
  if found[1] then return { NOW - AHEAD, 0, found[2] or '', tonumber(fences[i + 1]) - AHEAD } end
end
return { NOW - AHEAD, #fences == 2 * ARGV[4] and 1 or 0, '', -1 }
