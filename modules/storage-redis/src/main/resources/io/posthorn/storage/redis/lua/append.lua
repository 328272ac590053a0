-- Stores messages with one delivery for each endpoint that the node found for them.
-- ARGV: 2 how many messages, then for each: application | version of its directory | message | digest of the idempotency
--       key or '' | digest of the body | eventId or '' | hour of expiry | how many endpoints | the endpoints | the
--       message as it is stored, but for the time of acceptance before it
-- Answers: time | when to claim | for each message: A accepted | R, message, as it is stored: made before | E eventId taken |
--       K key used before | N no such application | V other version
local accepted, answers = {}, {}
local apps, ids, keys, events = {}, {}, {}, {}

local function application(id)
  local a = apps[id]
  if not a then
    a = call('HMGET', P .. 'a:' .. id, 'v', 'removed')
    apps[id] = a
  end
  return a
end


local function check(m)
  local a = application(m.app)
  if a[2] then return { 'N' } end
  if a[1] ~= m.version then return { 'V' } end
  if m.digest ~= '' then
    local made = keys[m.digest] or call('GET', P .. 'k:' .. m.digest)
    if made then
      local kind, body, rest = string.match(made, '^(%u)(%S+) ()')
      local id = string.sub(made, rest)
      if kind ~= 'M' or body ~= m.body then return { 'K' } end
      if ids[id] or call('EXISTS', P .. 'm:' .. id) == 1 then return { 'R', id } end
    end
  end
  if ids[m.id] or call('EXISTS', P .. 'm:' .. m.id) == 1 then return { 'R', m.id } end
  if m.event ~= '' then
    local name = m.app .. m.event
    if events[name] or call('HEXISTS', P .. 'v:' .. m.app, m.event) == 1 then return { 'E' } end
    events[name] = true
  end
  if m.digest ~= '' then keys[m.digest] = 'M' .. m.body .. ' ' .. m.id end
  ids[m.id] = true
  accepted[#accepted + 1] = m
  return { 'A' }
end

local at = 3
for i = 1, tonumber(ARGV[2]) do
  local m = {
    app = ARGV[at], version = ARGV[at + 1], id = ARGV[at + 2], digest = ARGV[at + 3], body = ARGV[at + 4],
    event = ARGV[at + 5], hour = ARGV[at + 6], first = at + 8, last = at + 7 + tonumber(ARGV[at + 7]),
  }
  at = m.last + 2
  answers[i] = check(m)
end

-- The message itself comes last: should a write fail, its repeat finds nothing and stores it whole.
local now = num(NOW)
local fan, order, listed, hours = {}, {}, {}, {}
for _, m in ipairs(accepted) do
  for k = m.first, m.last do
    local id = ARGV[k]
    local waits = fan[id]
    if not waits then
      waits = {}
      fan[id] = waits
      order[#order + 1] = { id, m.app }
    end
    waits[#waits + 1] = now
    waits[#waits + 1] = m.id
  end
  local list = listed[m.app] or {}
  listed[m.app] = list
  list[#list + 1] = 0
  list[#list + 1] = m.id
  local hour = hours[m.hour] or {}
  hours[m.hour] = hour
  hour[#hour + 1] = m.id
end
for _, o in ipairs(order) do
  local q, waits = queue_of(o[1]), fan[o[1]]
  if is_open(q) then
    -- What waits for the circuit to close must not stand before what comes after that.
    call('ZADD', P .. 'r:' .. q.id, unpack(waits))
    for i = 2, #waits, 2 do call('HSET', P .. 'd:' .. waits[i], q.id, waiting_row('0', 'r', now, 's')) end
  else
    call('ZADD', P .. 'q:' .. q.id, unpack(waits))
  end
  q.a = o[2]
  count(q, 'c', #waits / 2)
  if q.o == 0 then
    q.o = 1
    call('SADD', P .. 'o', q.id)
  end
  schedule(q, not is_open(q) and NOW or nil)
end
finish()
for app, list in pairs(listed) do
  call('ZADD', P .. 'i:' .. app, unpack(list))
end
for hour, list in pairs(hours) do
  call('RPUSH', P .. 'xd:' .. hour, unpack(list))
  call('ZADD', P .. 'xh', hour, hour)
end
for _, m in ipairs(accepted) do
  if m.event ~= '' then call('HSET', P .. 'v:' .. m.app, m.event, m.id) end
  if m.digest ~= '' then call('SET', P .. 'k:' .. m.digest, keys[m.digest], 'PX', 172800000) end
  call('SET', P .. 'm:' .. m.id, now .. ARGV[m.last + 1])
end
for _, answer in ipairs(answers) do
  if answer[1] == 'R' then answer[3] = call('GET', P .. 'm:' .. answer[2]) end
end
return { NOW - AHEAD, earliest_wall(), answers }
