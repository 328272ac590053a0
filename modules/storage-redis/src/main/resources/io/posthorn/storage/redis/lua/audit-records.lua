-- Looks whether records belong to something. ARGV: from 3 on: d, t or m | message, ...
-- Answers: time | differences
for at = 3, #ARGV, 2 do
  local kind, message = ARGV[at], ARGV[at + 1]
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
return { NOW - AHEAD, findings }
