-- Some of the leases that run. ARGV: 2 cursor of ZSCAN, 0 to begin
-- Answers: time | the last fence that was given | cursor to go on, 0 at the end | fences
local part, fences = call('ZSCAN', P .. 'l', ARGV[2], 'COUNT', 100), {}
for i = 1, #part[2], 2 do fences[#fences + 1] = part[2][i] end
return { NOW - AHEAD, call('GET', P .. 'f') or '0', part[1], fences }
