-- Takes permits to send, and parks the queues of those that have to wait. ARGV: for each, from 2 on: application |
--       endpoint | its version | how many | its rate or '' | its burst | rate of the application or '' | burst
-- Answers: time | when to claim | for each: how many, when the next batch is free, how many that will be
local PAUSE, BATCH_MILLIS, KEPT_MILLIS = 1000, 100, 10000
local grants = {}
keep_time()

local function limit(key, at)
  if ARGV[at] == '' then return nil end
  return level_of(key, ARGV[at], ARGV[at + 1])
end

local function batch_of(level)
  return math.max(1, math.min(level.burst, math.floor(BATCH_MILLIS * level.rate)))
end

local function keep(level)
  local row = string.format('%.9f', level.used) .. ' ' .. num(level.at) .. ' ' .. num(level.promised)
  call('SET', P .. level.key, row, 'PX', num(millis_until(level.burst, level) + KEPT_MILLIS))
end

-- When it is the endpoint's turn at the permits of its application: those that wait get theirs one after the other.
local function turn_of(level, batch)
  local free_at = NOW + millis_until(batch, level)
  if free_at <= NOW then return NOW end
  local turn = math.min(math.max(free_at, level.promised), NOW + PAUSE)
  level.promised = math.min(turn + math.ceil(batch / level.rate), NOW + PAUSE)
  return turn
end

local function park(id, version, till, batch)
  local q = queue_of(id)
  if not q.a or q.removed == 1 then return end
  if q.v == version and till > q.p then
    q.p, q.w, q.k = till, RATE_LIMITED, batch
  end
  schedule(q)
end

for at = 2, #ARGV, 8 do
  local own = limit('pe:' .. ARGV[at + 1], at + 4)
  local shared = limit('pa:' .. ARGV[at], at + 6)
  local granted, batch, next_at = tonumber(ARGV[at + 3]), math.huge, NOW
  for _, level in ipairs(own and { own, shared } or { shared }) do
    granted = math.min(granted, free_of(level))
    batch = math.min(batch, batch_of(level))
  end
  if own then
    own.used = own.used + granted
    next_at = NOW + millis_until(batch, own)
    keep(own)
  end
  if shared then
    shared.used = shared.used + granted
    next_at = math.max(next_at, turn_of(shared, batch))
    keep(shared)
  end
  if next_at > NOW then park(ARGV[at + 1], ARGV[at + 2], next_at, batch) end
  grants[#grants + 1] = granted
  grants[#grants + 1] = next_at - AHEAD
  grants[#grants + 1] = batch
end
finish()
return { NOW - AHEAD, earliest_wall(), grants }
