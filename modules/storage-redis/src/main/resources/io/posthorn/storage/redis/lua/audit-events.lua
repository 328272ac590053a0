-- Looks at some eventIds of an application. ARGV: 3 application | 4 cursor of HSCAN, 0 to begin
-- Answers: time | differences | cursor to go on, 0 at the end
local key = P .. 'v:' .. ARGV[3]
local part = call('HSCAN', key, ARGV[4], 'COUNT', 500)
for i = 1, #part[2], 2 do
  local event, message = part[2][i], part[2][i + 1]
  if call('EXISTS', P .. 'm:' .. message) == 0 then
    found('DANGLING_INDEX_ENTRY', 'v:' .. ARGV[3] .. ' ' .. event, 'there is no such message',
      function() call('HDEL', key, event) end)
  end
end
return { NOW - AHEAD, findings, part[1] }
