-- Puts the counts of an endpoint right by what they differ from the records, which stays the same whatever happens meanwhile
-- that both show. ARGV: 3 endpoint | 4 number of unseen changes, succeeded, failed and cancelled that were gone, as they were
--       | 8 by how much created, succeeded, failed, cancelled, in flight change | 13 application
-- Answers: time | when to claim | '1' when they are right now, '0' when something changed that the records do not show
local now = call('HMGET', P .. 'e:' .. ARGV[3], 'y', 'sg', 'fg', 'xg')
for i = 1, 4 do
  if (now[i] or '0') ~= ARGV[3 + i] then return { NOW - AHEAD, -1, 0 } end
end
local q = queue_of(ARGV[3])
q.a = q.a or ARGV[13]
for i, field in ipairs({ 'c', 's', 'f', 'x', 'n' }) do count(q, field, tonumber(ARGV[7 + i])) end
changed_unseen(q.id)
schedule(q)
finish()
return { NOW - AHEAD, earliest_wall(), 1 }
