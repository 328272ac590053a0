-- What all scripts share. KEYS[1] is the prefix of the shard. ARGV[1] is, with colons between, the time in milliseconds
-- since 1970 for tests, or nothing, and then it is the server's own; how many deliveries of an endpoint may be in flight
-- at most where nothing else was said, and at first; the node that asks. A script checks first and writes afterwards; keep_time() is its first write.
local P = KEYS[1]
local call = redis.call
local GIVEN_TIME, DEFAULT_LIMIT, FIRST_LIMIT, NODE = string.match(ARGV[1], '^(%d*):(%d+):(%d+):(%S+)$')
DEFAULT_LIMIT, FIRST_LIMIT = tonumber(DEFAULT_LIMIT), tonumber(FIRST_LIMIT)

-- Numbers beyond 2^31 as text without an exponent.
local function num(n)
  return string.format('%.0f', n)
end

-- Whether one text stands before another in the order of sorted sets, by bytes: < goes by the language that the server was
-- started under.
local function is_before(one, other)
  for i = 1, math.min(#one, #other) do
    local a, b = string.byte(one, i), string.byte(other, i)
    if a ~= b then return a < b end
  end
  return #one < #other
end

-- Time never runs backwards for long: where the clock was set back, it goes on from where it was (`clk` holds the last
-- wall time that was written down, every two seconds, and the lead over it). AHEAD is that lead.
local NOW, AHEAD, CLOCK
do
  local wall
  if GIVEN_TIME ~= '' then
    wall = tonumber(GIVEN_TIME)
  else
    local t = call('TIME')
    wall = t[1] * 1000 + math.floor(t[2] / 1000)
  end
  local mark, ahead = 0, 0
  local stored = call('GET', P .. 'clk')
  if stored then
    local m, a = string.match(stored, '^(%d+) (%d+)$')
    mark, ahead = tonumber(m), tonumber(a)
  end
  local step = wall - mark
  if step < -2000 then
    ahead = ahead - step + 2000
  elseif ahead > 0 and step >= ahead then
    ahead = 0
  end
  NOW, AHEAD = wall + ahead, ahead
  if step >= 2000 or step < -2000 then
    CLOCK = num(wall) .. ' ' .. num(ahead)
  end
end

local function keep_time()
  if CLOCK then
    call('SET', P .. 'clk', CLOCK)
    CLOCK = nil
  end
end
