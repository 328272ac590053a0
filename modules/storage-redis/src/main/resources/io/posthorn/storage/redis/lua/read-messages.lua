-- Messages of an application with all that belongs to them, in the order of their ids.
-- ARGV: 2 application | 3 message behind which to begin, or '' | 4 how many at most | 5 bytes at most | 6 '1' when the first
--       one may have more
-- Answers: time | lead of the steady time | '1' when these were the last | for each: message, as it is stored, endpoint and row
--       or '' ..., attempt and row ...
local ids = call('ZRANGEBYLEX', P .. 'i:' .. ARGV[2], ARGV[3] == '' and '-' or '(' .. ARGV[3], '+', 'LIMIT', 0, ARGV[4])
local answer, used, budget, done = {}, 0, tonumber(ARGV[5]), #ids < tonumber(ARGV[4])
for n, id in ipairs(ids) do
  local stored = call('GET', P .. 'm:' .. id)
  if stored then
    local deliveries, attempts = {}, call('HGETALL', P .. 't:' .. id)
    used = used + #stored + 100 * #attempts
    if used > budget and (#answer > 0 or ARGV[6] ~= '1') then
      done = false
      break
    end
    local rows, flat = {}, call('HGETALL', P .. 'd:' .. id)
    for i = 1, #flat, 2 do
      rows[flat[i]] = flat[i + 1]
      deliveries[#deliveries + 1] = flat[i]
      deliveries[#deliveries + 1] = flat[i + 1]
    end
    for k = 0, tonumber(string.sub(stored, 54, 58)) - 1 do
      local to = string.sub(stored, 65 + 27 * k, 91 + 27 * k)
      if not rows[to] then
        deliveries[#deliveries + 1] = to
        deliveries[#deliveries + 1] = ''
      end
    end
    answer[#answer + 1] = { id, stored, deliveries, attempts }
  end
end
return { NOW - AHEAD, AHEAD, done and 1 or 0, answer }
