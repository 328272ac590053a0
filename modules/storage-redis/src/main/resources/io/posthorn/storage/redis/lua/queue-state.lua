-- The queue of an endpoint. ARGV: 2 endpoint
-- Answers: time | known | created | succeeded | failed | cancelled | then how it stands | circuit or ''
local q = queue_of(ARGV[2])
return { NOW - AHEAD, q.a and 1 or 0, q.c, q.s, q.f, q.x, standing(q), q.cb }
