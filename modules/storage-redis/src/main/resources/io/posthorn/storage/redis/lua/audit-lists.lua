-- Looks at some of the endpoints that wait for a time, have something open, or something to cancel.
-- ARGV: 3 w, o or x | 4 cursor, 0 to begin
-- Answers: time | when to claim | differences | cursor to go on, 0 at the end
local list, key = ARGV[3], P .. ARGV[3]
local part = call(list == 'w' and 'ZSCAN' or 'SSCAN', key, ARGV[4], 'COUNT', 200)

local LOOK = {
  w = function(q)
    if q.i ~= 2 then
      found('DANGLING_INDEX_ENTRY', 'w ' .. q.id, 'its queue waits for no time', function() call('ZREM', key, q.id) end)
    end
  end,
  o = function(q)
    if q.o ~= 1 then
      found('DANGLING_INDEX_ENTRY', 'o ' .. q.id, 'it is not known to have something open', function()
        if q.a and q.c > q.s + q.f + q.x then q.o = 1 else call('SREM', key, q.id) end
      end)
    end
  end,
  x = function(q)
    if q.removed ~= 1 then
      found('DANGLING_INDEX_ENTRY', 'x ' .. q.id, 'it was not removed, so that nothing of it is to be cancelled',
        function() call('SREM', key, q.id) end)
    end
  end,
}

for i = 1, #part[2], list == 'w' and 2 or 1 do LOOK[list](queue_of(part[2][i])) end
finish()
return { NOW - AHEAD, earliest_wall(), findings, part[1] }
