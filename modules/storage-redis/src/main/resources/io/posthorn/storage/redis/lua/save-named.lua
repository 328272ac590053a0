-- Stores an application or an event type. Under the tag of the directory.
-- ARGV: 2 'a' or 't' | 3 organisation | 4 id or name | 5 uid or '' | 6 version that is changed | 7 row
--       8 digest of the idempotency key or '' | 9 digest of the body | 10 token of this save
-- Answers: saved, change to tell the shard or '' | repeated, row | reused | stale | taken, name | wait, change
local kind, org, name, uid, version, row = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local rows = P .. kind .. ':' .. org
local names = P .. kind .. 'n:' .. org
local uids = P .. kind .. 'u:' .. org
local freed = P .. 'pu:' .. org

local again = P .. 'rm:' .. ARGV[10]
local before = call('GET', again)
if before then return { 'saved', before } end
local done = made_before(ARGV[8], ARGV[9])
if done then return done end
local stored = call('HGET', rows, name)
local old_version, old_uid = '0', ''
if stored then old_version, old_uid = row_head(stored) end
if old_version ~= version then
  if stored and version == '0' then return { 'taken', name } end
  return { 'stale' }
end
if uid ~= '' then
  local owner = call('HGET', uids, uid)
  if owner and owner ~= name then return { 'taken', uid } end
  local change = call('HGET', freed, uid)
  if change then return { 'wait', change } end
end
if old_uid ~= '' and old_uid ~= uid then call('HDEL', uids, old_uid) end
if uid ~= '' then call('HSET', uids, uid, name) end
call('HSET', rows, name, row)
call('ZADD', names, 0, name)
call('ZADD', P .. 'o', 0, org)
local change = ''
if kind == 'a' then
  call('HSET', P .. 'ao', name, org)
  if old_uid == uid then old_uid = '' end
  change = (row_head(row)) .. ' ' .. org .. ' ' .. name .. ' ' .. old_uid
  call('ZADD', P .. 'p', NOW, change)
  if old_uid ~= '' then call('HSET', freed, old_uid, change) end
end
remember(ARGV[8], ARGV[9], row)
call('SET', again, change, 'PX', 120000)
return { 'saved', change }
