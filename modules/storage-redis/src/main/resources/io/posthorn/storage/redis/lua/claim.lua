-- Hands out due deliveries: applications in turn, inside each its endpoints in turn.
-- ARGV: 2 id of the request | 3 how many at most | 4 lease in ms | 5 node | 6 bytes of messages at most, but for the
--       first, counted once for each delivery, as they travel on | 7 quantum
-- Answers: time | when to claim next | fence | end of the lease | endpoint, application, row, circuit ... | message, as stored ... |
--       for each delivery: number of its endpoint, number of its message, attempts made, trigger | 1 when an endpoint
--       gave the first batch after its parking, so that the same claim must not come again | application, deliveries a
--       second ... for those that have such a limit
local most, lease_millis, budget, quantum = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[6]), tonumber(ARGV[7])
local endpoints, endpoint_at, messages, message_at, deliveries = {}, {}, {}, {}, {}
local message_size = {}
local fence, lease_until, taken, bytes, full = 0, 0, 0, 0, false
local held, began = {}, false
local rates, rate_seen = {}, {}

-- Its record, as a number in the answer; nil when it has none.
local function endpoint_number(q)
  local n = endpoint_at[q.id]
  if not n then
    local row = call('HGET', P .. 'n:' .. q.a, q.id)
    if not row then return nil end
    n = #endpoints / 4
    endpoint_at[q.id] = n
    endpoints[#endpoints + 1] = q.id
    endpoints[#endpoints + 1] = q.a
    endpoints[#endpoints + 1] = row
    endpoints[#endpoints + 1] = q.cb
  end
  return n
end

-- A message as a number in the answer; nil, true when the answer is full, nil when it has no payload any more.
local function message_number(id)
  local n = message_at[id]
  if n then
    if bytes + message_size[id] > budget then return nil, true end
    bytes = bytes + message_size[id]
    return n
  end
  local stored = call('GET', P .. 'm:' .. id)
  if not stored then return nil end
  local expires, fan, head = tonumber(string.sub(stored, 14, 26)), tonumber(string.sub(stored, 54, 58)),
    tonumber(string.sub(stored, 59, 64))
  if expires <= NOW - AHEAD or #stored <= 64 + 27 * fan + head then return nil end
  if bytes > 0 and bytes + #stored > budget then return nil, true end
  bytes = bytes + #stored
  n = #messages / 2
  message_at[id] = n
  message_size[id] = #stored
  messages[#messages + 1] = id
  messages[#messages + 1] = stored
  return n
end

local function note_rate(app)
  if rate_seen[app] then return end
  rate_seen[app] = true
  local rate = call('HGET', P .. 'a:' .. app, 't')
  if rate then
    rates[#rates + 1] = app
    rates[#rates + 1] = rate
  end
end

local function hand_out(q, endpoint, message, attempts, trigger)
  note_rate(q.a)
  deliveries[#deliveries + 1] = endpoint
  deliveries[#deliveries + 1] = message
  deliveries[#deliveries + 1] = attempts
  deliveries[#deliveries + 1] = trigger
  taken = taken + 1
end

local function take(q, class, room)
  local key = P .. class .. ':' .. q.id
  local found = call('ZRANGEBYSCORE', key, '-inf', NOW, 'WITHSCORES', 'LIMIT', 0, room)
  local endpoint = endpoint_number(q)
  if not endpoint then return 0 end
  local gone, count_taken = 0, 0
  for i = 1, #found, 2 do
    local id, attempts, trigger, old = parts(found[i])
    local n, no_room = message_number(id)
    if no_room then
      full = true
      break
    end
    gone = gone + 1
    if n then
      hand_out(q, endpoint, n, attempts, trigger)
      held[#held + 1] = q.id .. id
      held[#held + 1] = class .. ' ' .. found[i + 1] .. ' ' .. attempts .. ' ' .. trigger
      count_taken = count_taken + 1
      if old then call('HDEL', P .. 'l:' .. old, q.id .. id) end
    else
      -- Its payload is gone: there is nothing to send any more.
      call('HSET', P .. 'd:' .. id, q.id, 'C ' .. attempts .. ' ' .. num(NOW))
      count(q, 'x', 1)
    end
  end
  if gone > 0 then call('ZREMRANGEBYRANK', key, 0, gone - 1) end
  count(q, 'n', count_taken)
  return count_taken
end

local function serve(q, batch)
  if q.d == 1 or q.removed == 1 or q.p > NOW then return 0 end
  local room = math.min(batch, limit_of(q) - q.n, most - taken)
  if room <= 0 then return 0 end
  local got = take(q, 'q', room)
  local retries = math.min(room - got, retry_room(q))
  if retries > 0 and not full then got = got + take(q, 'r', retries) end
  return got
end

local function answer_again(known)
  fence, lease_until = tonumber(known), tonumber(call('ZSCORE', P .. 'l', known) or 0)
  local rows = call('HGETALL', P .. 'l:' .. known)
  budget = math.huge
  for i = 1, #rows, 2 do
    if lease_until > 0 and #rows[i] == 54 then
      local q, id = queue_of(string.sub(rows[i], 1, 27)), string.sub(rows[i], 28)
      local _, _, attempts, trigger = lease_row(rows[i + 1])
      local endpoint, message = endpoint_number(q), message_number(id)
      if endpoint and message then hand_out(q, endpoint, message, attempts, trigger) end
    end
  end
end

local known = call('GET', P .. 'c:' .. ARGV[2])
if known then
  answer_again(known)
else
  put_back(4)
  for _, id in ipairs(call('ZRANGEBYSCORE', P .. 'w', '-inf', NOW, 'LIMIT', 0, 256)) do
    local q = queue_of(id)
    if q.i ~= 2 then call('ZREM', P .. 'w', id) end
    schedule(q)
  end
  local turns, served = math.max(64, 2 * most), {}
  while taken < most and turns > 0 and not full do
    turns = turns - 1
    local app = call('LPOP', P .. 'ra')
    if not app then break end
    local id = call('LPOP', P .. 're:' .. app)
    local q, alone = queue_of(id), true
    q.i = 0
    if call('EXISTS', P .. 're:' .. app) == 1 then
      call('RPUSH', P .. 'ra', app)
      alone = false
    elseif call('EXISTS', P .. 'ra') == 1 then
      alone = false
    end
    if q.k > 0 and q.p <= NOW then
      if serve(q, math.min(quantum, q.k)) > 0 then
        q.p, q.w, q.k = 0, 0, 0
        served[#served + 1] = q
        began = true
      else
        schedule(q)
      end
    else
      serve(q, alone and most or quantum)
      schedule(q)
    end
  end
  for _, q in ipairs(served) do
    schedule(q)
  end
  if taken > 0 then
    fence = call('INCR', P .. 'f')
    lease_until = NOW + lease_millis
    call('ZADD', P .. 'l', num(lease_until), fence)
    for i = 1, #held, 1000 do
      call('HSET', P .. 'l:' .. fence, unpack(held, i, math.min(#held, i + 999)))
    end
    call('HSET', P .. 'l:' .. fence, 'node', num(NOW - AHEAD) .. ' ' .. ARGV[5])
    call('SET', P .. 'c:' .. ARGV[2], fence, 'PX', num(lease_millis + 60000))
  end
end
finish()
return { NOW - AHEAD, next_claimable(), fence, lease_until - AHEAD, endpoints, messages, deliveries,
  began and 1 or 0, rates }
