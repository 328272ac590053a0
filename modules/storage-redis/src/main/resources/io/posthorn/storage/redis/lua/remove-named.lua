-- Removes an application or an event type from the directory.
-- ARGV: 2 'a' or 't' | 3 organisation | 4 id or name | 5 token of this removal
-- Answers: removed, change to tell the shard or '' | unknown
local kind, org, name = ARGV[2], ARGV[3], ARGV[4]
local again = P .. 'rm:' .. ARGV[5]
local before = call('GET', again)
if before then return { 'removed', before } end
local rows = P .. kind .. ':' .. org
local stored = call('HGET', rows, name)
if not stored then return { 'unknown' } end
local version, uid = row_head(stored)
call('HDEL', rows, name)
call('ZREM', P .. kind .. 'n:' .. org, name)
if uid ~= '' then call('HDEL', P .. kind .. 'u:' .. org, uid) end
local change = ''
if kind == 'a' then
  call('HDEL', P .. 'ao', name)
  change = version .. '- ' .. org .. ' ' .. name .. ' ' .. uid
  call('ZADD', P .. 'p', NOW, change)
  if uid ~= '' then call('HSET', P .. 'pu:' .. org, uid, change) end
end
call('SET', again, change, 'PX', 120000)
return { 'removed', change }
