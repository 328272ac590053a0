-- Finds the store, or makes it. ARGV: 2 format | 3 how many shards | 4 an id for a new store
-- Answers: ours | foreign | format, that of the store | shards, as many as the store has
local key = P .. 'store'
local kind = call('TYPE', key).ok
if kind == 'none' then
  if call('EXISTS', P .. 'o', P .. 'ao', P .. 'p') > 0 then return { 'foreign' } end
  call('HSET', key, 'format', ARGV[2], 'shards', ARGV[3], 'id', ARGV[4])
  return { 'ours' }
end
if kind ~= 'hash' then return { 'foreign' } end
local store = call('HMGET', key, 'format', 'shards', 'id')
if not (store[1] and store[2] and store[3]) then return { 'foreign' } end
if tonumber(store[1]) > tonumber(ARGV[2]) then return { 'format', store[1] } end
if store[2] ~= ARGV[3] then return { 'shards', store[2] } end
return { 'ours' }
