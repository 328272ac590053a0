-- Reads what is held under some leases, as many of them as hold that much, and looks at it where that is asked for.
-- ARGV: 3 '1' to look | 4 how many deliveries, but for those of the last lease | from 5 on the fences
-- Answers: time | differences | how many of the leases were read | endpoint and message, ...
local most, held, read = tonumber(ARGV[4]), {}, 0

local function look(fence, name)
  local id, message = string.sub(name, 1, 27), string.sub(name, 28)
  local where = 'l:' .. fence .. ' ' .. name
  local function drop() call('HDEL', P .. 'l:' .. fence, name) end
  local row = call('HGET', P .. 'd:' .. message, id)
  if call('EXISTS', P .. 'm:' .. message) == 0 then
    found('DANGLING_INDEX_ENTRY', where, 'there is no such message', drop)
  elseif string.sub(row or 'W', 1, 1) ~= 'W' then
    found('TWO_STATES', where, 'it is in flight, but has ended', drop)
  elseif waits(id, message, row) then
    found('TWO_STATES', where, 'it is in flight, but stands in its queue', drop)
  end
end

for at = 5, #ARGV do
  if #held >= most then break end
  local fence = ARGV[at]
  read = read + 1
  local names = call('HKEYS', P .. 'l:' .. fence)
  if ARGV[3] == '1' and #names == 0 and call('ZSCORE', P .. 'l', fence) then
    found('DANGLING_INDEX_ENTRY', 'l ' .. fence, 'nothing is known of this lease',
      function() call('ZREM', P .. 'l', fence) end)
  end
  for _, name in ipairs(names) do
    if #name == 54 then
      held[#held + 1] = name
      if ARGV[3] == '1' and call('ZSCORE', P .. 'l', fence) then look(fence, name) end
    end
  end
end
return { NOW - AHEAD, findings, read, held }
