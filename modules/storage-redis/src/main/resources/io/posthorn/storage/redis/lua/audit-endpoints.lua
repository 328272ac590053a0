-- Looks whether the queues of some endpoints of an application stand where they should.
-- ARGV: 3 application | 4 endpoint behind which to begin, or '' | 5 how many at most | 6 how many names of the ring are read:
--       where it has more, none is missed in it
-- Answers: time | when to claim | differences | last endpoint, or '' when these were the last
local app, ring, most = ARGV[3], P .. 're:' .. ARGV[3], tonumber(ARGV[6])
local ids = call('ZRANGEBYLEX', P .. 'ee:' .. app, ARGV[4] == '' and '-' or '(' .. ARGV[4], '+', 'LIMIT', 0, ARGV[5])
local in_ring, is_whole = {}, call('LLEN', ring) <= most
for _, id in ipairs(call('LRANGE', ring, 0, most - 1)) do in_ring[id] = true end

local function stands(q)
  if q.i == 1 then return in_ring[q.id] or not is_whole end
  if q.i == 2 then return call('ZSCORE', P .. 'w', q.id) end
  return not claimable_at(q)
end

local function look(q)
  local id = q.id
  if (q.o == 1 or q.c > q.s + q.f + q.x) and call('SISMEMBER', P .. 'o', id) == 0 then
    found('LOST_INDEX_ENTRY', 'o ' .. id, 'it has something open', function()
      call('SADD', P .. 'o', id)
      q.o = 1
    end)
  end
  if q.removed == 1 and waiting(q) > 0 and call('SISMEMBER', P .. 'x', id) == 0 then
    found('LOST_INDEX_ENTRY', 'x ' .. id, 'it was removed and has something to cancel',
      function() call('SADD', P .. 'x', id) end)
  end
  if not stands(q) then
    found('LOST_INDEX_ENTRY', 'ring or wake list ' .. id, 'its queue is looked at by nobody', function()
      call('LREM', ring, 0, id)
      call('ZREM', P .. 'w', id)
      q.i = 0
      schedule(q)
    end)
  end
end

for _, id in ipairs(ids) do look(queue_of(id)) end
finish()
return { NOW - AHEAD, earliest_wall(), findings, #ids < tonumber(ARGV[5]) and '' or ids[#ids] }
