-- Finds an entity. ARGV: 2 hash of rows | 3 hash from the name given to its id, or '' when it is the id | 4 the name
local id = ARGV[4]
if ARGV[3] ~= '' then id = call('HGET', P .. ARGV[3], id) end
return id and call('HGET', P .. ARGV[2], id)
