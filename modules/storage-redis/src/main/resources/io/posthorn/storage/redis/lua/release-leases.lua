-- Ends leases of a node that is gone. It looks at all leases of the shard, which are no more than all dispatchers have
-- slots. ARGV: 2 node | 3 how many to end at most
-- Answers: time | when to claim next | 1 when there may be more
local left = tonumber(ARGV[3])
for _, fence in ipairs(call('ZRANGE', P .. 'l', 0, -1)) do
  if left == 0 then break end
  local holder = call('HGET', P .. 'l:' .. fence, 'node')
  if holder and string.match(holder, '^%d+ (.*)$') == ARGV[2] then
    end_lease(fence)
    left = left - 1
  end
end
finish()
return { NOW - AHEAD, next_claimable(), left == 0 and 1 or 0 }
