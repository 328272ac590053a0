-- What scripts read out of identifiers and records.
local DIGITS = {}
for i = 1, 62 do
  DIGITS[string.byte('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', i)] = i - 1
end

-- The time of an identifier in milliseconds since 1970, to about 4 ms: the upper 40 of the 160 bits behind its characters
-- are seconds and 4 ms steps.
local function id_millis(id)
  local ticks, weight = 0, 62 ^ 26 / 2 ^ 120
  for i = 1, 10 do
    ticks = ticks + DIGITS[string.byte(id, i)] * weight
    weight = weight / 62
  end
  return (math.floor(ticks / 256) + 1400000000) * 1000 + math.floor(ticks % 256) * 4
end

-- The type, eventId ('' when it has none) and channels of a stored message. Its header is a version byte, then each of
-- them, texts behind their lengths and channels behind their number; numbers have seven bits a byte, the lowest first.
local function header(stored)
  local at = 66 + 27 * tonumber(string.sub(stored, 54, 58))
  local function number()
    local n, factor = 0, 1
    while true do
      local b = string.byte(stored, at)
      at = at + 1
      n = n + (b % 128) * factor
      if b < 128 then return n end
      factor = factor * 128
    end
  end
  local function text()
    local length = number()
    at = at + length
    return string.sub(stored, at - length, at - 1)
  end
  local kind, event, channels = text(), text(), {}
  for i = 1, number() do channels[i] = text() end
  return kind, event, channels
end

-- The stored form of a message but for its payload, and whether it has one that may still be sent.
local function stored_head(message)
  local key = P .. 'm:' .. message
  local head = call('GETRANGE', key, 0, 63)
  if #head < 64 then return nil, false end
  local size = 64 + 27 * tonumber(string.sub(head, 54, 58)) + tonumber(string.sub(head, 59, 64))
  local sendable = tonumber(string.sub(head, 14, 26)) > NOW - AHEAD and call('STRLEN', key) > size
  return call('GETRANGE', key, 0, size - 1), sendable
end
