-- Puts the counts of an endpoint right, if they still are what was compared.
-- ARGV: 3 endpoint | 4 created, succeeded, failed, cancelled, in flight as they were | 9 as they should be | 14 application
-- Answers: time | when to claim | '1' when they are right now
local q, fields = queue_of(ARGV[3]), { 'c', 's', 'f', 'x', 'n' }
for i, field in ipairs(fields) do
  if q[field] ~= tonumber(ARGV[3 + i]) then return { NOW - AHEAD, -1, 0 } end
end
q.a = q.a or ARGV[14]
for i, field in ipairs(fields) do count(q, field, tonumber(ARGV[8 + i]) - q[field]) end
schedule(q)
finish()
return { NOW - AHEAD, earliest_wall(), 1 }
