-- The counts of some endpoints of an application, all of one moment.
-- ARGV: 2 application | 3 endpoint behind which to begin, or '' | 4 how many at most, or 0 for those named from 5 on
-- Answers: time | that moment by the times of the store | endpoint, created, succeeded, failed, cancelled, in flight, and
--       those gone: succeeded, failed, cancelled; number of its last change, of its unseen changes, how many stand in q, r,
--       h, j; ...
local ids, answer = {}, {}
if ARGV[4] == '0' then
  for at = 5, #ARGV do ids[#ids + 1] = ARGV[at] end
else
  ids = call('ZRANGEBYLEX', P .. 'ee:' .. ARGV[2], ARGV[3] == '' and '-' or '(' .. ARGV[3], '+', 'LIMIT', 0, ARGV[4])
end
for _, id in ipairs(ids) do
  local row = call('HMGET', P .. 'e:' .. id, 'c', 's', 'f', 'x', 'n', 'sg', 'fg', 'xg', 'z', 'y')
  for i = 1, 10 do row[i] = row[i] or '0' end
  table.insert(row, 1, id)
  for _, class in ipairs({ 'q', 'r', 'h', 'j' }) do row[#row + 1] = call('ZCARD', P .. class .. ':' .. id) end
  answer[#answer + 1] = row
end
return { NOW - AHEAD, num(NOW), answer }
