-- An application is new or changed. Under the tag of its shard. ARGV: 2 application | 3 organisation
-- Answers: removed | known, version
local a = P .. 'a:' .. ARGV[2]
if call('HGET', a, 'removed') then return { 'removed' } end
call('ZADD', P .. 'aa', 0, ARGV[2])
call('HSET', a, 'organization', ARGV[3])
return { 'known', call('HINCRBY', a, 'v', 1) }
