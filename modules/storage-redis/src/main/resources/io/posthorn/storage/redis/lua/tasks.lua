-- Background tasks of an organisation in the order of their ids.
-- ARGV: 2 organisation | 3 lowest | 4 highest | 5 '1' from the highest down | 6 how many at most
-- Answers: time | '1' when the range ends here | task, its fields, ...
local key, ids = P .. 'gn:' .. ARGV[2], nil
if ARGV[5] == '1' then
  ids = call('ZREVRANGEBYLEX', key, ARGV[4], ARGV[3], 'LIMIT', 0, ARGV[6])
else
  ids = call('ZRANGEBYLEX', key, ARGV[3], ARGV[4], 'LIMIT', 0, ARGV[6])
end
local answer = {}
for _, id in ipairs(ids) do
  answer[#answer + 1] = id
  answer[#answer + 1] = call('HGETALL', P .. 'g:' .. id)
end
return { NOW - AHEAD, #ids < tonumber(ARGV[6]) and 1 or 0, answer }
