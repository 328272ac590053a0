-- How much of a limit is used. pe:E and pa:A hold permits used, when, and up to when an application's permits are promised
-- to endpoints that wait. Permits fill a bucket as deep as the burst, which drains at the rate of the limit, in permits a
-- millisecond. The same rule in Java is Level.
local FRACTION = 1e-6

local function level_of(key, rate, burst)
  local used, at, promised = 0, 0, 0
  local stored = call('GET', P .. key)
  if stored then
    local u, a, p = string.match(stored, '^(%S+) (%d+) (%d+)$')
    used, at, promised = tonumber(u), tonumber(a), tonumber(p)
  end
  rate, burst = tonumber(rate), tonumber(burst)
  local left = math.max(0, used - math.max(0, NOW - at) * rate)
  return { key = key, used = math.min(left, burst), at = math.max(NOW, at), promised = promised, rate = rate, burst = burst }
end

local function free_of(level)
  return math.max(0, math.floor(level.burst - level.used + FRACTION))
end

-- After how many milliseconds so many are free.
local function millis_until(permits, level)
  local missing = level.used + permits - level.burst
  return missing <= FRACTION and 0 or math.ceil(missing / level.rate - FRACTION)
end
