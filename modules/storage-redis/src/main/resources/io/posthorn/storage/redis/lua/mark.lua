-- Remembers how far a move into this store has come. ARGV: 2 set, or end when it has ended | 3 source | 4 cursor or '' |
--       5 items; or 2 forget; or 2 renew | 3 the store's new id; or 2 fence | 3 the least that the last fence of the shard is
--       to be
keep_time()
if ARGV[2] == 'set' or ARGV[2] == 'end' then
  call('HSET', P .. 'store', 'source', ARGV[3], 'cursor', ARGV[4], 'items', ARGV[5])
  if ARGV[2] == 'end' then call('HSET', P .. 'store', 'ended', 1) else call('HDEL', P .. 'store', 'ended') end
elseif ARGV[2] == 'fence' then
  if tonumber(call('GET', P .. 'f') or 0) < tonumber(ARGV[3]) then call('SET', P .. 'f', ARGV[3]) end
else
  call('DEL', P .. 'mc')
  call('HDEL', P .. 'store', 'source', 'cursor', 'items', 'ended')
  if ARGV[2] == 'renew' then call('HSET', P .. 'store', 'id', ARGV[3]) end
end
return { NOW - AHEAD }
