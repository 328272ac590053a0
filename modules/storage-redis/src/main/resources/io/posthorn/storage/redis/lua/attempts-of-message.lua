-- Attempts of a message. ARGV: 2 message | 3 below which, or '' | 4 above which, or '' | 5 from which on, or '' |
--       6 '1' from the highest down | 7 how many at most
-- Answers: time | '1' when the range ends here | attempt, row, ...
local high, low, from, most = ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[7])
local ids = {}
for _, id in ipairs(call('HKEYS', P .. 't:' .. ARGV[2])) do
  if (high == '' or is_before(id, high)) and (low == '' or is_before(low, id)) and not is_before(id, from) then
    ids[#ids + 1] = id
  end
end
table.sort(ids, ARGV[6] == '1' and function(a, b) return is_before(b, a) end or is_before)
local answer = {}
for i = 1, math.min(most, #ids) do
  answer[#answer + 1] = ids[i]
  answer[#answer + 1] = call('HGET', P .. 't:' .. ARGV[2], ids[i])
end
return { NOW - AHEAD, #ids <= most and 1 or 0, answer }
