-- Tried deliveries of an endpoint. ARGV: 2 endpoint | 3 lowest | 4 highest | 5 '1' from the highest down | 6 how many at most
-- Answers: time | lead of the steady time | '1' when the range ends here | message, row or '', '1' in flight, ...
local ids
if ARGV[5] == '1' then
  ids = call('ZREVRANGEBYLEX', P .. 'j:' .. ARGV[2], ARGV[4], ARGV[3], 'LIMIT', 0, ARGV[6])
else
  ids = call('ZRANGEBYLEX', P .. 'j:' .. ARGV[2], ARGV[3], ARGV[4], 'LIMIT', 0, ARGV[6])
end
local answer = {}
for _, message in ipairs(ids) do
  local row, flies = delivery(message, ARGV[2])
  answer[#answer + 1] = message
  answer[#answer + 1] = row
  answer[#answer + 1] = flies
end
return { NOW - AHEAD, AHEAD, #ids < tonumber(ARGV[6]) and 1 or 0, answer }
