-- Puts another row in the place of that of an attempt. ARGV: 2 message | 3 attempt | 4 row
-- Answers: time | D done | N not found
local key = P .. 't:' .. ARGV[2]
if call('HEXISTS', key, ARGV[3]) == 0 then return { NOW - AHEAD, 'N' } end
keep_time()
call('HSET', key, ARGV[3], ARGV[4])
return { NOW - AHEAD, 'D' }
