-- Drops the payload of a message. ARGV: 2 application | 3 message
-- Answers: time | D done | N not found
local key = P .. 'm:' .. ARGV[3]
local head = call('GETRANGE', key, 0, 63)
if #head < 64 or string.sub(head, 27, 53) ~= ARGV[2] then return { NOW - AHEAD, 'N' } end
local size = 64 + 27 * tonumber(string.sub(head, 54, 58)) + tonumber(string.sub(head, 59, 64))
keep_time()
call('SET', key, call('GETRANGE', key, 0, size - 1))
return { NOW - AHEAD, 'D' }
