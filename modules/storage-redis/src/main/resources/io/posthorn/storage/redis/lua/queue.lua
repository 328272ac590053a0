-- The queues of endpoints. Counts and what holds a queue back stand in e:E, read once a run and written once by
-- finish(). Its field `i` says where the queue stands: 0 nowhere, 1 in the ring of those that may be served, 2 in `w`,
-- which holds those that wait for a time.
local FIELDS = { 'a', 'c', 's', 'f', 'x', 'n', 'l', 'p', 'w', 'k', 'd', 'removed', 'i', 'o', 'v', 'z', 'u', 'cb', 'm' }
local queues, touched = {}, {}
local totals = { c = 0, s = 0, f = 0, x = 0, n = 0 }
local ring_began, wake_set, earliest = false, nil, nil

local function queue_of(id)
  local q = queues[id]
  if not q then
    local r = call('HMGET', P .. 'e:' .. id, unpack(FIELDS))
    q = {
      id = id, a = r[1],
      c = tonumber(r[2] or 0), s = tonumber(r[3] or 0), f = tonumber(r[4] or 0), x = tonumber(r[5] or 0),
      n = tonumber(r[6] or 0), l = tonumber(r[7] or DEFAULT_LIMIT), p = tonumber(r[8] or 0), w = tonumber(r[9] or 0),
      k = tonumber(r[10] or 0), d = tonumber(r[11] or 0), removed = tonumber(r[12] or 0), i = tonumber(r[13] or 0),
      o = tonumber(r[14] or 0), v = r[15], z = tonumber(r[16] or 0), u = tonumber(r[17] or FIRST_LIMIT), cb = r[18] or '',
      m = tonumber(r[19] or 0),
    }
    q.old = {
      a = q.a, c = q.c, s = q.s, f = q.f, x = q.x, n = q.n, l = q.l, p = q.p, w = q.w, k = q.k, d = q.d,
      removed = q.removed, i = q.i, o = q.o, v = q.v, z = q.z, u = q.u, cb = q.cb, m = q.m,
    }
    q.new = not q.a
    queues[id] = q
    touched[#touched + 1] = q
  end
  return q
end

-- Counts deliveries that were made (c), succeeded (s), failed (f), were cancelled (x) or came into flight (n).
local function count(q, field, by)
  q[field] = q[field] + by
  totals[field] = totals[field] + by
end

-- Whether its circuit is open. `cb` is O or C for an open or a closed one, its version, a blank and what only nodes
-- read; nothing where it never opened.
local function is_open(q)
  return string.byte(q.cb) == 79
end

-- The most that may be in flight: the cap of the queue (l) or, where it is less, what the endpoint asks for (m, 0 for
-- nothing).
local function cap_of(q)
  return q.m > 0 and math.min(q.l, q.m) or q.l
end

-- How many may be in flight now: what was learned (u), under the cap; while the circuit is open, one: the probe.
local function limit_of(q)
  return is_open(q) and 1 or math.min(cap_of(q), q.u)
end

-- How many more retries may go: up to half in flight, so that fresh events find room beside a backlog. Of an odd limit
-- the larger half: less of it would be too little used for the limit to grow.
local function retry_room(q)
  return math.ceil(limit_of(q) / 2) - q.n
end

-- How many are let in before anything is known of the endpoint: as many as its own cap allows, where it has one.
local function first_of(q)
  return q.l == DEFAULT_LIMIT and FIRST_LIMIT or q.l
end

local function waiting(q)
  return q.c - q.s - q.f - q.x - q.n
end

-- A delivery changed its state in a way that the times in its record do not show: it was created later than its message,
-- or an end was taken back. A recount that runs meanwhile looks at the endpoint again.
local function changed_unseen(id)
  call('HINCRBY', P .. 'e:' .. id, 'y', 1)
end

-- How a delivery stands in q:E or r:E: its message, then, unless it is untried, the attempts made, s or m (the next one
-- is scheduled, or by hand), and behind an @ the fence of the lease that ended, under which a late result still counts.
local function member(message, attempts, trigger, fence)
  if attempts == '0' and trigger == 's' and not fence then
    return message
  end
  return message .. attempts .. trigger .. (fence and '@' .. fence or '')
end

local function parts(name)
  if #name == 27 then
    return name, '0', 's', nil
  end
  local attempts, trigger, fence = string.match(name, '^(%d+)(%l)@?(%d*)', 28)
  return string.sub(name, 1, 27), attempts, trigger, fence ~= '' and fence or nil
end

local function waiting_row(attempts, class, due, trigger, fence)
  return 'W ' .. attempts .. ' ' .. num(NOW) .. ' ' .. class .. ' ' .. due .. ' ' .. trigger .. ' ' .. (fence or 0)
end

local function due_in(class, q)
  return tonumber(call('ZRANGE', P .. class .. ':' .. q.id, 0, 0, 'WITHSCORES')[2])
end

local function earlier(one, other)
  return one and other and math.min(one, other) or one or other
end

-- When the earliest delivery is due; nil when none waits.
local function head_due(q)
  return earlier(due_in('q', q), due_in('r', q))
end

-- When the next delivery may go as far as time and the queue's own room decide; nil when none may.
local function claimable_at(q)
  if waiting(q) <= 0 or q.d ~= 0 or q.removed ~= 0 or q.n >= limit_of(q) then return nil end
  return earlier(due_in('q', q), retry_room(q) > 0 and due_in('r', q) or nil)
end

-- How a queue stands: how many wait | in flight | limit | parked until or -1 | cause | disabled | due time of the head or
-- -1 | 1 when there is room for it
local function standing(q)
  local due = head_due(q)
  return { waiting(q), q.n, limit_of(q), q.p > NOW and q.p - AHEAD or -1, q.w, (q.d == 1 or q.removed == 1) and 1 or 0,
    due and due - AHEAD or -1, (claimable_at(q) or waiting(q) <= 0) and 1 or 0 }
end

-- Puts a queue where it belongs after anything about it changed. One that stands in the ring stays there: whoever takes
-- it looks. due: when a first attempt in it is due, where that is known to be past.
local function schedule(q, due)
  if q.i == 1 then
    earliest = 0
    return
  end
  local at
  if waiting(q) > 0 and q.d == 0 and q.removed == 0 and q.n < limit_of(q) then
    if q.p > NOW then
      at = q.p
    else
      at = due and due <= NOW and due or claimable_at(q)
    end
  end
  if q.i == 2 and (not at or at <= NOW) then
    call('ZREM', P .. 'w', q.id)
    q.i = 0
  end
  if not at then
    return
  end
  if at <= NOW then
    q.i = 1
    earliest = 0
    if call('RPUSH', P .. 're:' .. q.a, q.id) == 1 and call('RPUSH', P .. 'ra', q.a) == 1 then
      ring_began = true
    end
  else
    q.i = 2
    call('ZADD', P .. 'w', num(at), q.id)
    earliest = math.min(earliest or at, at)
    wake_set = math.min(wake_set or at, at)
  end
end

-- While the counts of the shard are compared with those of its endpoints, a few at a time: what changes of those that were
-- added up already is added to the sum, so that both are of the same moment. `bu` has the sum and how far it went.
local function tell_sum()
  local upto
  for _, q in ipairs(touched) do
    for field in pairs(totals) do
      local by = q[field] - q.old[field]
      if by ~= 0 then
        if upto == nil then upto = call('HGET', P .. 'bu', 'upto') end
        if not upto then return end
        if not is_before(upto, q.a .. q.id) then call('HINCRBY', P .. 'bu', field, num(by)) end
      end
    end
  end
end

-- The cause of waiting for a circuit, as nodes write it.
local CIRCUIT_OPEN = 3

-- Its circuit becomes this one, where that follows the version that is known. While it is open the queue waits until
-- then; when it closes, as many as before anything was known of the endpoint come back one by one.
local function set_circuit(q, circuit, probe_at)
  local known = tonumber(string.match(q.cb, '^%u(%d+) ') or 0)
  if tonumber(string.match(circuit, '^%u(%d+) ')) ~= known + 1 then return end
  q.cb = circuit
  if not is_open(q) then
    q.u = 1
    if q.w == CIRCUIT_OPEN then q.p, q.w, q.k = 0, 0, 0 end
  elseif probe_at > q.p or q.w == CIRCUIT_OPEN then
    q.p, q.w, q.k = probe_at, CIRCUIT_OPEN, 1
  end
end

-- Writes what changed, once for each queue and once for the shard, and tells the other nodes when there is something to claim
-- earlier than they know.
local function finish()
  keep_time()
  tell_sum()
  for _, q in ipairs(touched) do
    local changed = {}
    for _, field in ipairs(FIELDS) do
      if q[field] ~= q.old[field] then
        changed[#changed + 1] = field
        changed[#changed + 1] = type(q[field]) == 'number' and num(q[field]) or q[field]
        q.old[field] = q[field]
      end
    end
    if #changed > 0 then
      -- Tells a recount whether anything changed between two looks.
      q.z = q.z + 1
      q.old.z = q.z
      changed[#changed + 1] = 'z'
      changed[#changed + 1] = num(q.z)
      if q.new then
        call('ZADD', P .. 'ee:' .. q.a, 0, q.id)
        call('ZADD', P .. 'aa', 0, q.a)
        q.new = false
      end
      call('HSET', P .. 'e:' .. q.id, unpack(changed))
    end
  end
  for field, by in pairs(totals) do
    if by ~= 0 then
      call('HINCRBY', P .. 'b', field, num(by))
      totals[field] = 0
    end
  end
  local news
  if ring_began then
    news = 0
  elseif wake_set then
    local first = call('ZRANGE', P .. 'w', 0, 0, 'WITHSCORES')[2]
    if first and tonumber(first) >= wake_set then
      news = wake_set - AHEAD
    end
  end
  ring_began, wake_set = false, nil
  if news then
    -- A user who may not publish still works: each node looks once a second.
    local store, shard = string.match(P, '^(.*){(.*)}:$')
    redis.pcall('PUBLISH', store .. 'news', shard .. ' ' .. num(news) .. ' ' .. NODE)
  end
end

-- What scripts answer about when to claim again: 0 for now, -1 for nothing known.
local function earliest_wall()
  return earliest and (earliest == 0 and 0 or earliest - AHEAD) or -1
end

-- When something may be claimed next: 0 for now, -1 when nothing waits for a time.
local function next_claimable()
  if call('EXISTS', P .. 'ra') == 1 then
    return 0
  end
  local wake = tonumber(call('ZRANGE', P .. 'w', 0, 0, 'WITHSCORES')[2])
  local lease = tonumber(call('ZRANGE', P .. 'l', 0, 0, 'WITHSCORES')[2])
  local first = wake and lease and math.min(wake, lease) or wake or lease
  return first and math.max(first, NOW) - AHEAD or -1
end

-- A lease row: class, due time, attempts and trigger, with blanks between.
local function lease_row(row)
  return string.match(row, '^(%l) (%d+) (%d+) (%l)$')
end

-- A lease has ended: its deliveries wait again, as they were.
local function end_lease(fence)
  local held = call('HGETALL', P .. 'l:' .. fence)
  local changed = {}
  for i = 1, #held, 2 do
    if #held[i] == 54 then
      local id, message = string.sub(held[i], 1, 27), string.sub(held[i], 28)
      local class, due, attempts, trigger = lease_row(held[i + 1])
      local q = queue_of(id)
      call('ZADD', P .. class .. ':' .. id, due, member(message, attempts, trigger, fence))
      call('HSET', P .. 'd:' .. message, id, waiting_row(attempts, class, due, trigger, fence))
      count(q, 'n', -1)
      changed[q] = true
    end
  end
  call('ZREM', P .. 'l', fence)
  call('EXPIRE', P .. 'l:' .. fence, 86400)
  for q in pairs(changed) do
    schedule(q)
  end
end

-- Leases whose time is over. Answers whether there may be more.
local function put_back(most)
  local fences = call('ZRANGEBYSCORE', P .. 'l', '-inf', NOW, 'LIMIT', 0, most)
  for _, fence in ipairs(fences) do
    end_lease(fence)
  end
  return #fences == most
end

-- The cause of waiting for permits, as nodes write it.
local RATE_LIMITED = 2

-- An endpoint was stored: by the scripts of the directory.
local function settings_changed(app, id, disabled, version, most)
  local q = queue_of(id)
  q.a, q.d, q.v, q.m = app, disabled and 1 or 0, version, most
  -- What it waits for may have changed: the next claim asks anew.
  if q.w == RATE_LIMITED and q.p > NOW then q.p, q.w, q.k = 0, 0, 0 end
  schedule(q)
  finish()
end

-- An endpoint was removed: nothing of it is handed out any more, and sweeps cancel what waits.
local function endpoint_removed(app, id)
  local q = queue_of(id)
  q.a, q.removed = app, 1
  if q.c > q.s + q.f + q.x then
    call('SADD', P .. 'x', id)
  end
  schedule(q)
  finish()
end
