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

-- The eventId of a stored message, '' when it has none: its header is a version byte, then the type and the eventId, each
-- behind its length of seven bits a byte.
local function event_id(stored)
  local at = 66 + 27 * tonumber(string.sub(stored, 54, 58))
  local function text()
    local length, factor = 0, 1
    while true do
      local b = string.byte(stored, at)
      at = at + 1
      length = length + (b % 128) * factor
      if b < 128 then break end
      factor = factor * 128
    end
    at = at + length
    return string.sub(stored, at - length, at - 1)
  end
  text()
  return text()
end
