-- Reads rows in the order of their names.
-- ARGV: 2 hash of rows | 3 sorted set of names | 4 lowest | 5 highest | 6 '1' from the highest down | 7 how many at most
-- Answers: name, row, name, row ...
local names
if ARGV[6] == '1' then
  names = call('ZREVRANGEBYLEX', P .. ARGV[3], ARGV[5], ARGV[4], 'LIMIT', 0, ARGV[7])
else
  names = call('ZRANGEBYLEX', P .. ARGV[3], ARGV[4], ARGV[5], 'LIMIT', 0, ARGV[7])
end
local answer = {}
if #names > 0 then
  local rows = call('HMGET', P .. ARGV[2], unpack(names))
  for i = 1, #names do
    answer[2 * i - 1] = names[i]
    answer[2 * i] = rows[i]
  end
end
return answer
