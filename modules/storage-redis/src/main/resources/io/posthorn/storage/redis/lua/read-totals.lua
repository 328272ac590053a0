-- About how many items the shard has to be read. Answers: time | how many
local sum = 0
for _, app in ipairs(call('ZRANGE', P .. 'aa', 0, -1)) do
  sum = sum + 1 + call('ZCARD', P .. 's:' .. app) + call('ZCARD', P .. 'i:' .. app)
end
return { NOW - AHEAD, sum }
