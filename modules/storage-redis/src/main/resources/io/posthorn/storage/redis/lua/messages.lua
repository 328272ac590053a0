-- Messages of an application in the order of their ids.
-- ARGV: 2 application | 3 lowest | 4 highest | 5 '1' from the highest down | 6 how many at most | 7 bytes of payload at
--       most, but for the first; 0 without payloads
-- Answers: time | '1' when the range ends here | message, as it is stored, ...; '' where it has no record
local budget = tonumber(ARGV[7])
local ids
if ARGV[5] == '1' then
  ids = call('ZREVRANGEBYLEX', P .. 'i:' .. ARGV[2], ARGV[4], ARGV[3], 'LIMIT', 0, ARGV[6])
else
  ids = call('ZRANGEBYLEX', P .. 'i:' .. ARGV[2], ARGV[3], ARGV[4], 'LIMIT', 0, ARGV[6])
end
local answer, used, done = {}, 0, #ids < tonumber(ARGV[6])
for _, id in ipairs(ids) do
  local key, stored = P .. 'm:' .. id, ''
  if budget > 0 then
    stored = call('GET', key) or ''
    if used > 0 and used + #stored > budget then
      done = false
      break
    end
    used = used + #stored
  else
    local head = call('GETRANGE', key, 0, 63)
    if #head == 64 then
      local from = 64 + 27 * tonumber(string.sub(head, 54, 58))
      -- Nobody asks a list where its messages went.
      stored = string.sub(head, 1, 53) .. '00000' .. string.sub(head, 59, 64)
        .. call('GETRANGE', key, from, from + tonumber(string.sub(head, 59, 64)) - 1)
    end
  end
  answer[#answer + 1] = id
  answer[#answer + 1] = stored
end
return { NOW - AHEAD, done and 1 or 0, answer }
