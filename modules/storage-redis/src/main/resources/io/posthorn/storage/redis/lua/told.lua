-- The shard knows of a change of an application. ARGV: 2 the change | 3 organisation | 4 uid that it freed, or ''
call('ZREM', P .. 'p', ARGV[2])
if ARGV[4] ~= '' and call('HGET', P .. 'pu:' .. ARGV[3], ARGV[4]) == ARGV[2] then
  call('HDEL', P .. 'pu:' .. ARGV[3], ARGV[4])
end
return { 'done' }
