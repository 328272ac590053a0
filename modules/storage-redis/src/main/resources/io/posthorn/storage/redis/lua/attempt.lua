-- One attempt. ARGV: 2 message | 3 attempt
-- Answers: time | row; only the time when there is none
return { NOW - AHEAD, call('HGET', P .. 't:' .. ARGV[2], ARGV[3]) }
