-- Stores an endpoint. Under the tag of its application's shard.
-- ARGV: 2 application | 3 endpoint | 4 uid or '' | 5 version that is changed | 6 row | 7 '1' when disabled
--       8 digest of the idempotency key or '' | 9 digest of the body | 10 token of this save
--       11 how many may be in flight, 0 where it does not say
-- Answers: saved | repeated, row | reused | stale | taken, name | unknown | removed
local app, id, uid, version, row = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local rows, uids, queue = P .. 'n:' .. app, P .. 'u:' .. app, P .. 'e:' .. id

local again = P .. 'rm:' .. ARGV[10]
if call('EXISTS', again) == 1 then return { 'saved' } end
local done = made_before(ARGV[8], ARGV[9])
if done then return done end
local known = call('HMGET', P .. 'a:' .. app, 'v', 'removed')
if known[2] then return { 'removed' } end
if not known[1] then return { 'unknown' } end
local stored = call('HGET', rows, id)
local old_version, old_uid = '0', ''
if stored then old_version, old_uid = row_head(stored) end
if old_version ~= version then
  if stored and version == '0' then return { 'taken', id } end
  return { 'stale' }
end
if not stored and call('HGET', queue, 'removed') then return { 'taken', id } end
if uid ~= '' then
  local owner = call('HGET', uids, uid)
  if owner and owner ~= id then return { 'taken', uid } end
end
if old_uid ~= '' and old_uid ~= uid then call('HDEL', uids, old_uid) end
if uid ~= '' then call('HSET', uids, uid, id) end
call('HSET', rows, id, row)
call('ZADD', P .. 's:' .. app, 0, id)
call('ZADD', P .. 'y:' .. app, call('HINCRBY', P .. 'a:' .. app, 'v', 1), id)
settings_changed(app, id, ARGV[7] == '1', (row_head(row)), tonumber(ARGV[11]))
remember(ARGV[8], ARGV[9], row)
call('SET', again, 1, 'PX', 120000)
return { 'saved' }
