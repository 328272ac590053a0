-- Removes an endpoint, or some of all the endpoints of an application that goes.
-- ARGV: 2 application | 3 endpoint or '' for all | 4 token of this removal, or how many at most
-- Answers: removed, how many are left | unknown
local app, only = ARGV[2], ARGV[3]
local a, order, changes, gone = P .. 'a:' .. app, P .. 's:' .. app, P .. 'y:' .. app, P .. 'z:' .. app

local function drop(id)
  local row = call('HGET', P .. 'n:' .. app, id)
  local _, uid = row_head(row)
  call('HDEL', P .. 'n:' .. app, id)
  call('ZREM', order, id)
  if uid ~= '' then call('HDEL', P .. 'u:' .. app, uid) end
  endpoint_removed(app, id)
end

if only == '' then
  call('HSET', a, 'removed', 1)
  call('HINCRBY', a, 'v', 1)
  for _, id in ipairs(call('ZRANGE', order, 0, ARGV[4] - 1)) do drop(id) end
  local left = call('ZCARD', order)
  if left == 0 then
    -- The mark outlives every call that may still believe in the application; identifiers never come again.
    call('DEL', changes, gone, P .. 'n:' .. app, P .. 'u:' .. app)
    call('EXPIRE', a, 604800)
  end
  return { 'removed', left }
end

local again = P .. 'rm:' .. ARGV[4]
if call('EXISTS', again) == 1 then return { 'removed', 0 } end
if call('HEXISTS', P .. 'n:' .. app, only) == 0 then return { 'unknown' } end
drop(only)
local v = call('HINCRBY', a, 'v', 1)
call('ZADD', changes, v, only)
call('ZADD', gone, v, only)
-- Who last looked before the oldest removal that is still listed has to read all endpoints anew.
if call('ZCARD', gone) > 1000 then
  local oldest = call('ZPOPMIN', gone)
  call('ZREM', changes, oldest[1])
  call('HSET', a, 'floor', oldest[2])
end
call('SET', again, 1, 'PX', 120000)
return { 'removed', 0 }
