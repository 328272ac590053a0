-- An application is new or changed. Under the tag of its shard. ARGV: 2 application | 3 organisation | 4 its version |
--       5 deliveries a second to all its endpoints together, or ''
-- Answers: removed | known, version of its directory
local a = P .. 'a:' .. ARGV[2]
if call('HGET', a, 'removed') then return { 'removed' } end
call('ZADD', P .. 'aa', 0, ARGV[2])
call('HSET', a, 'organization', ARGV[3])
-- Two changes may be told in the other order.
if tonumber(ARGV[4]) >= tonumber(call('HGET', a, 'tv') or 0) then
  call('HSET', a, 'tv', ARGV[4])
  if ARGV[5] == '' then call('HDEL', a, 't') else call('HSET', a, 't', ARGV[5]) end
end
return { 'known', call('HINCRBY', a, 'v', 1) }
