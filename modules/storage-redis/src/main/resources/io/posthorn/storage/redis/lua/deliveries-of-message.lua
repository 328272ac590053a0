-- Deliveries of a message. ARGV: 2 application | 3 message | 4 lowest endpoint | 5 highest | 6 '1' from the highest down |
--       7 how many at most
-- Answers: time | lead of the steady time | accepted at | endpoint, row or '' when untried, '1' in flight, ...; only the
--       time when there is no such message
local app, message, most = ARGV[2], ARGV[3], tonumber(ARGV[7])
local key = P .. 'm:' .. message
local head = call('GETRANGE', key, 0, 63)
if #head < 64 or string.sub(head, 27, 53) ~= app then return { NOW - AHEAD } end
local fan = tonumber(string.sub(head, 54, 58))
local went, ids = fan > 0 and call('GETRANGE', key, 64, 63 + 27 * fan) or '', {}
local low, high = ARGV[4], ARGV[5]
local seen = {}
local function add(id)
  if not seen[id] and (low == '' or is_before(low, id)) and (high == '' or is_before(id, high)) then
    seen[id] = true
    ids[#ids + 1] = id
  end
end
for k = 0, fan - 1 do add(string.sub(went, 27 * k + 1, 27 * k + 27)) end
-- A resend may have made more.
for _, id in ipairs(call('HKEYS', P .. 'd:' .. message)) do add(id) end
table.sort(ids, ARGV[6] == '1' and function(a, b) return is_before(b, a) end or is_before)
local answer = {}
for i = 1, math.min(most, #ids) do
  local row, flies = delivery(message, ids[i])
  answer[#answer + 1] = ids[i]
  answer[#answer + 1] = row
  answer[#answer + 1] = flies
end
return { NOW - AHEAD, AHEAD, string.sub(head, 1, 13), answer }
