-- Remembers how far a move into this store has come. ARGV: 2 set | 3 source | 4 cursor or '' | 5 items; or 2 forget; or
--       2 renew | 3 the store's new id
keep_time()
if ARGV[2] == 'set' then
  call('HSET', P .. 'store', 'source', ARGV[3], 'cursor', ARGV[4], 'items', ARGV[5])
else
  call('DEL', P .. 'mc')
  call('HDEL', P .. 'store', 'source', 'cursor', 'items')
  if ARGV[2] == 'renew' then call('HSET', P .. 'store', 'id', ARGV[3]) end
end
return { NOW - AHEAD }
