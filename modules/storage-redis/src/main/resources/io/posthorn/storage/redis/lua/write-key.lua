-- Takes an idempotency key of another store in. ARGV: 2 digest | 3 M or E | 4 digest of the body | 5 message or row of the
--       entity | 6 used at, wall time
-- Answers: time
local left = 172800000 - (NOW - AHEAD - tonumber(ARGV[6]))
if left > 0 then
  keep_time()
  call('SET', P .. 'k:' .. ARGV[2], ARGV[3] .. ARGV[4] .. ' ' .. ARGV[5], 'PX', num(math.min(left, 172800000)), 'NX')
end
return { NOW - AHEAD }
