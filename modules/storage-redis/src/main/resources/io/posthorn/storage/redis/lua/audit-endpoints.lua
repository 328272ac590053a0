-- Looks at the queues of some endpoints of an application, and answers their counts.
-- ARGV: 3 application | 4 endpoint behind which to begin, or '' | 5 how many at most
-- Answers: time | when to claim | differences | endpoint, created, succeeded, failed, cancelled, in flight, and those gone:
--       succeeded, failed, cancelled; number of its last change; how many stand in q, r, h, j; ...
local app = ARGV[3]
local ids = call('ZRANGEBYLEX', P .. 'ee:' .. app, ARGV[4] == '' and '-' or '(' .. ARGV[4], '+', 'LIMIT', 0, ARGV[5])
local answer = {}
for _, id in ipairs(ids) do
  local q = queue_of(id)
  local gone = call('HMGET', P .. 'e:' .. id, 'sg', 'fg', 'xg')
  answer[#answer + 1] = { id, q.c, q.s, q.f, q.x, q.n, tonumber(gone[1] or 0), tonumber(gone[2] or 0),
    tonumber(gone[3] or 0), q.z, call('ZCARD', P .. 'q:' .. id), call('ZCARD', P .. 'r:' .. id),
    call('ZCARD', P .. 'h:' .. id), call('ZCARD', P .. 'j:' .. id) }
  local open = q.c > q.s + q.f + q.x
  if open and call('SISMEMBER', P .. 'o', id) == 0 then
    found('LOST_INDEX_ENTRY', 'o ' .. id, 'it has something open', function()
      call('SADD', P .. 'o', id)
      q.o = 1
    end)
  end
  if q.removed == 1 and waiting(q) > 0 and call('SISMEMBER', P .. 'x', id) == 0 then
    found('LOST_INDEX_ENTRY', 'x ' .. id, 'it was removed and has something to cancel',
      function() call('SADD', P .. 'x', id) end)
  end
  local in_wake, in_ring = call('ZSCORE', P .. 'w', id), q.i == 1 and call('LPOS', P .. 're:' .. app, id)
  local ready = waiting(q) > 0 and q.d == 0 and q.removed == 0 and q.n < q.l and head_due(q)
  local stands = q.i == 1 and in_ring and call('LPOS', P .. 'ra', app) or q.i == 2 and in_wake
  if not stands and (ready or q.i ~= 0) then
    found('LOST_INDEX_ENTRY', 'ring or wake list ' .. id, 'its queue is looked at by nobody', function()
      call('LREM', P .. 're:' .. app, 0, id)
      call('ZREM', P .. 'w', id)
      q.i = 0
      schedule(q)
      if q.i == 1 and not call('LPOS', P .. 'ra', app) then call('RPUSH', P .. 'ra', app) end
    end)
  end
end
finish()
return { NOW - AHEAD, earliest_wall(), findings, answer }
