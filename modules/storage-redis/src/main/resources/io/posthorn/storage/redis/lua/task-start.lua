-- Begins a background task. ARGV: 2 task | 3 organisation | 4 application | 5 endpoint | 6 work | 7 how many may run
-- Answers: time | N no such endpoint | M too many run | T its fields
local key = P .. 'g:' .. ARGV[2]
if call('EXISTS', key) == 0 then
  if call('HEXISTS', P .. 'n:' .. ARGV[4], ARGV[5]) == 0 then return { NOW - AHEAD, 'N' } end
  if call('ZCARD', P .. 'g') >= tonumber(ARGV[7]) then return { NOW - AHEAD, 'M' } end
  keep_time()
  local wall = num(NOW - AHEAD)
  call('ZADD', P .. 'gn:' .. ARGV[3], 0, ARGV[2])
  call('ZADD', P .. 'g', wall, ARGV[2])
  call('HSET', key, 'org', ARGV[3], 'work', ARGV[6], 'status', 'R', 'cursor', '', 'changed', 0, 'scanned', 0,
    'failure', '', 'created', wall, 'updated', wall)
end
return { NOW - AHEAD, 'T', call('HGETALL', key) }
