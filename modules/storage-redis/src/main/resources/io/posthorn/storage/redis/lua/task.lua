-- A background task. ARGV: 2 task. Answers: time | its fields, none when it is not here
return { NOW - AHEAD, call('HGETALL', P .. 'g:' .. ARGV[2]) }
