-- Takes a background task of another store in. ARGV: 2 task | 3 organisation | 4 work | 5 R, D or F | 6 cursor | 7 changed |
--       8 scanned | 9 failure | 10 created | 11 updated, wall times
-- Answers: time
local key = P .. 'g:' .. ARGV[2]
if call('EXISTS', key) == 0 then
  keep_time()
  call('HSET', key, 'org', ARGV[3], 'work', ARGV[4], 'status', ARGV[5], 'cursor', ARGV[6], 'changed', ARGV[7],
    'scanned', ARGV[8], 'failure', ARGV[9], 'created', ARGV[10], 'updated', ARGV[11])
  call('ZADD', P .. 'gn:' .. ARGV[3], 0, ARGV[2])
  call('ZADD', P .. (ARGV[5] == 'R' and 'g' or 'gx'), ARGV[11], ARGV[2])
end
return { NOW - AHEAD }
