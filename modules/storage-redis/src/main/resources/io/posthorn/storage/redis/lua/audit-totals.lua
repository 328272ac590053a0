-- Compares the counts of the shard with those of all its endpoints. Answers: time | differences
local sum, fields = { 0, 0, 0, 0, 0 }, { 'c', 's', 'f', 'x', 'n' }
for _, app in ipairs(call('ZRANGE', P .. 'aa', 0, -1)) do
  for _, id in ipairs(call('ZRANGE', P .. 'ee:' .. app, 0, -1)) do
    local have = call('HMGET', P .. 'e:' .. id, unpack(fields))
    for i = 1, 5 do sum[i] = sum[i] + tonumber(have[i] or 0) end
  end
end
local total = call('HMGET', P .. 'b', unpack(fields))
for i, field in ipairs(fields) do
  if tonumber(total[i] or 0) ~= sum[i] then
    found('WRONG_COUNTER', 'b ' .. field, 'the shard counts ' .. (total[i] or 0) .. ', its endpoints ' .. num(sum[i]),
      function() call('HSET', P .. 'b', field, num(sum[i])) end)
  end
end
return { NOW - AHEAD, findings }
