-- One message. ARGV: 2 application | 3 message or eventId | 4 '1' when it is an eventId | 5 '1' with its payload
-- Answers: time | message | as it is stored; only the time when there is none
local app, id = ARGV[2], ARGV[3]
if ARGV[4] == '1' then id = call('HGET', P .. 'v:' .. app, id) end
local key = id and P .. 'm:' .. id
local head = key and call('GETRANGE', key, 0, 63) or ''
if #head < 64 or string.sub(head, 27, 53) ~= app then return { NOW - AHEAD } end
if ARGV[5] == '1' then return { NOW - AHEAD, id, call('GET', key) } end
local size = 64 + 27 * tonumber(string.sub(head, 54, 58)) + tonumber(string.sub(head, 59, 64))
return { NOW - AHEAD, id, call('GETRANGE', key, 0, size - 1) }
