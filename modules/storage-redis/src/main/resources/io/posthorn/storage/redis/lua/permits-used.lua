-- How much of a limit is used. ARGV: 2 pe:E or pa:A | 3 rate | 4 burst
-- Answers: time | permits in use | when none is
local level = level_of(ARGV[2], ARGV[3], ARGV[4])
return { NOW - AHEAD, level.burst - free_of(level), NOW + millis_until(level.burst, level) - AHEAD }
