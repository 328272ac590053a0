-- Counts of the shard, and what holds back some of the endpoints with something open.
-- ARGV: 2 cursor | 3 how many endpoints, about
-- Answers: time | cursor | c, s, f, x, n of the shard | then for each endpoint: its application, how it stands; then background
--       tasks that run
local page = call('SSCAN', P .. 'o', ARGV[2], 'COUNT', ARGV[3])
local sums = call('HMGET', P .. 'b', 'c', 's', 'f', 'x', 'n')
for i = 1, 5 do sums[i] = tonumber(sums[i] or 0) end
local found, closed = {}, {}
for _, id in ipairs(page[2]) do
  local q = queue_of(id)
  if waiting(q) <= 0 and q.n == 0 then
    closed[#closed + 1] = q
  else
    found[#found + 1] = q.a
    found[#found + 1] = standing(q)
  end
end
for _, q in ipairs(closed) do
  q.o = 0
  call('SREM', P .. 'o', q.id)
end
if #closed > 0 then finish() end
return { NOW - AHEAD, page[1], sums, found, call('ZCARD', P .. 'g') }
