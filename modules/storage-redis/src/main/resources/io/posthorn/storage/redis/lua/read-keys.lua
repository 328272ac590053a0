-- What idempotency keys made. ARGV: from 2 on: their digests
-- Answers: time | for each that is still there: digest, used at, value, application of the message or ''
local answer = {}
for i = 2, #ARGV do
  local key = P .. 'k:' .. ARGV[i]
  local value, left = call('GET', key), call('PTTL', key)
  if value and left > 0 then
    local message = string.match(value, '^M%S+ (.*)$')
    local app = message and call('GETRANGE', P .. 'm:' .. message, 26, 52) or ''
    if not message or app ~= '' then
      answer[#answer + 1] = { ARGV[i], num(NOW - AHEAD - (172800000 - left)), value, app }
    end
  end
end
return { NOW - AHEAD, answer }
