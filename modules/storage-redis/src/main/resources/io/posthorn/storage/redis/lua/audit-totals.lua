-- Compares the counts of the shard with those of all its endpoints, adding up some of these in each call. What changes
-- meanwhile of those that were added is added by the scripts that change it: tell_sum() of the queues.
-- ARGV: 3 name of this comparison | 4 '1' to begin | 5 how many endpoints and applications at most
-- Answers: time | differences | 1 when done, 0 to go on, -1 when another one began meanwhile
local key, fields, left = P .. 'bu', { 'c', 's', 'f', 'x', 'n' }, tonumber(ARGV[5])
local NO_NAME, LAST_NAME = string.rep('!', 27), string.rep('~', 27)
if ARGV[4] == '1' then
  call('DEL', key)
  call('HSET', key, 'of', ARGV[3], 'upto', NO_NAME .. LAST_NAME)
elseif call('HGET', key, 'of') ~= ARGV[3] then
  return { NOW - AHEAD, findings, -1 }
end
call('EXPIRE', key, 3600)

local upto = call('HGET', key, 'upto')
local app, after = string.sub(upto, 1, 27), string.sub(upto, 28)
local sum, done = { 0, 0, 0, 0, 0 }, false
while left > 0 and not done do
  if after == LAST_NAME then
    local next_app = call('ZRANGEBYLEX', P .. 'aa', '(' .. app, '+', 'LIMIT', 0, 1)[1]
    left = left - 1
    if next_app then app, after = next_app, NO_NAME else done = true end
  else
    local ids = call('ZRANGEBYLEX', P .. 'ee:' .. app, '(' .. after, '+', 'LIMIT', 0, left)
    for _, id in ipairs(ids) do
      local have = call('HMGET', P .. 'e:' .. id, unpack(fields))
      for i = 1, 5 do sum[i] = sum[i] + tonumber(have[i] or 0) end
      after = id
    end
    if #ids < left then after = LAST_NAME end
    left = left - #ids
  end
end
for i, field in ipairs(fields) do
  if sum[i] ~= 0 then call('HINCRBY', key, field, num(sum[i])) end
end
call('HSET', key, 'upto', app .. after)

if done then
  local added, total = call('HMGET', key, unpack(fields)), call('HMGET', P .. 'b', unpack(fields))
  for i, field in ipairs(fields) do
    local right = tonumber(added[i] or 0)
    if tonumber(total[i] or 0) ~= right then
      found('WRONG_COUNTER', 'b ' .. field, 'the shard counts ' .. (total[i] or 0) .. ', its endpoints ' .. num(right),
        function() call('HSET', P .. 'b', field, num(right)) end)
    end
  end
  call('DEL', key)
end
return { NOW - AHEAD, findings, done and 1 or 0 }
