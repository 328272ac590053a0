-- Looks whether records belong to something. ARGV: from 3 on: d, t or m | message, or l | fence, ...
-- Answers: time | differences

-- What was held under a lease is kept for late results for a day after its end, and then goes by itself.
local function look_at_holds(fence)
  if not call('ZSCORE', P .. 'l', fence) and call('TTL', P .. 'l:' .. fence) == -1 then
    found('ORPHANED_RECORD', 'l:' .. fence, 'no such lease runs, and it would stay for ever',
      function() call('DEL', P .. 'l:' .. fence) end)
  end
end

local function look(kind, message)
  local head = call('GETRANGE', P .. 'm:' .. message, 0, 63)
  if kind ~= 'm' then
    if #head == 0 and call('EXISTS', P .. kind .. ':' .. message) == 1 then
      found('ORPHANED_RECORD', kind .. ':' .. message, 'there is no such message',
        function() call('DEL', P .. kind .. ':' .. message) end)
    end
  elseif #head > 0 and #head < 64 then
    found('UNREADABLE', 'm:' .. message, 'a message cannot be read')
  elseif #head == 64 and not call('ZSCORE', P .. 'i:' .. string.sub(head, 27, 53), message) then
    found('LOST_INDEX_ENTRY', 'i:' .. string.sub(head, 27, 53) .. ' ' .. message, 'a message is not listed', function()
      call('ZADD', P .. 'i:' .. string.sub(head, 27, 53), 0, message)
      call('ZADD', P .. 'aa', 0, string.sub(head, 27, 53))
    end)
  end
end

for at = 3, #ARGV, 2 do
  if ARGV[at] == 'l' then look_at_holds(ARGV[at + 1]) else look(ARGV[at], ARGV[at + 1]) end
end
return { NOW - AHEAD, findings }
