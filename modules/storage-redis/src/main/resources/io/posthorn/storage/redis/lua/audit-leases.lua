-- Looks at what is held under the leases that run. ARGV: none. Answers: time | differences
for _, fence in ipairs(call('ZRANGE', P .. 'l', 0, -1)) do
  for _, name in ipairs(call('HKEYS', P .. 'l:' .. fence)) do
    local id, message = string.sub(name, 1, 27), string.sub(name, 28)
    if #name == 54 then
      local row = call('HGET', P .. 'd:' .. message, id)
      local state = string.sub(row or 'W', 1, 1)
      local function drop() call('HDEL', P .. 'l:' .. fence, name) end
      if call('EXISTS', P .. 'm:' .. message) == 0 then
        found('DANGLING_INDEX_ENTRY', 'l:' .. fence .. ' ' .. name, 'there is no such message', drop)
      elseif state ~= 'W' then
        found('TWO_STATES', 'l:' .. fence .. ' ' .. name, 'it is in flight, but has ended', drop)
      end
    end
  end
end
return { NOW - AHEAD, findings }
