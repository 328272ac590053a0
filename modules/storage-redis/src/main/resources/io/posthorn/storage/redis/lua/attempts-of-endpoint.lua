-- Attempts of an endpoint. ARGV: 2 endpoint | 3 lowest | 4 highest | 5 '1' from the highest down | 6 how many at most
-- Answers: time | '1' when the range ends here | attempt and message, row or '', ...
local names
if ARGV[5] == '1' then
  names = call('ZREVRANGEBYLEX', P .. 'h:' .. ARGV[2], ARGV[4], ARGV[3], 'LIMIT', 0, ARGV[6])
else
  names = call('ZRANGEBYLEX', P .. 'h:' .. ARGV[2], ARGV[3], ARGV[4], 'LIMIT', 0, ARGV[6])
end
local answer = {}
for _, name in ipairs(names) do
  answer[#answer + 1] = name
  answer[#answer + 1] = call('HGET', P .. 't:' .. string.sub(name, 28), string.sub(name, 1, 27)) or ''
end
return { NOW - AHEAD, #names < tonumber(ARGV[6]) and 1 or 0, answer }
