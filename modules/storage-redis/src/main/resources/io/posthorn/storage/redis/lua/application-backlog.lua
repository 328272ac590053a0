-- What holds back some of the endpoints of an application. ARGV: 2 application | 3 the last endpoint of before, or '' |
--       4 how many endpoints
-- Answers: time | the last endpoint, '' when there are no more | then for each endpoint with something open what backlog
--       answers
local ids = call('ZRANGEBYLEX', P .. 's:' .. ARGV[2], ARGV[3] == '' and '-' or '(' .. ARGV[3], '+', 'LIMIT', 0, ARGV[4])
local found = {}
for _, id in ipairs(ids) do
  local q = queue_of(id)
  if waiting(q) > 0 or q.n > 0 then
    found[#found + 1] = q.a
    found[#found + 1] = standing(q)
  end
end
return { NOW - AHEAD, #ids == tonumber(ARGV[4]) and ids[#ids] or '', found }
