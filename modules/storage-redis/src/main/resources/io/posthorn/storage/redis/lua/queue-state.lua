-- The queue of an endpoint. ARGV: 2 endpoint
-- Answers: time | known | created | succeeded | failed | cancelled | in flight | limit | parked until | cause |
--       disabled | due time of the head or -1 | 1 when there is room for it | circuit or ''
local q = queue_of(ARGV[2])
local p = q.p > NOW and q.p - AHEAD or -1
local due = head_due(q)
return { NOW - AHEAD, q.a and 1 or 0, q.c, q.s, q.f, q.x, q.n, limit_of(q), p, q.w, (q.d == 1 or q.removed == 1) and 1 or 0,
  due and due - AHEAD or -1, (claimable_at(q) or waiting(q) <= 0) and 1 or 0, q.cb }
