-- Takes messages of another store in. ARGV: 2 how many, then for each: application | message | eventId or '' | hour of
--       expiry | accepted at, wall time | as it is stored, but for the time of acceptance before it | how many deliveries |
--       for each: endpoint, S F C or W, attempts, entered at, class, due at (wall times), trigger | how many attempts | for
--       each: attempt, row
-- Answers: time | when to claim | for each A added, P passed over since it is there, E its eventId is taken
local at, answers, changed = 3, {}, {}

local function steady(wall)
  return num(tonumber(wall) + AHEAD)
end

local function add_delivery(app, message, accepted)
  local id, state, tried, entered, class, due, trigger =
    ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4], ARGV[at + 5], ARGV[at + 6]
  local q = queue_of(id)
  if not q.a and call('HEXISTS', P .. 'n:' .. app, id) == 0 then q.removed = 1 end
  q.a = app
  count(q, 'c', 1)
  changed_unseen(id)
  if state == 'W' then
    due = steady(due)
    call('ZADD', P .. class .. ':' .. id, due, member(message, tried, trigger))
    if tried ~= '0' or class ~= 'q' or trigger ~= 's' or due ~= accepted
      or steady(entered) ~= accepted then
      call('HSET', P .. 'd:' .. message, id,
        'W ' .. tried .. ' ' .. steady(entered) .. ' ' .. class .. ' ' .. due .. ' ' .. trigger .. ' 0')
    end
    if q.removed == 1 then call('SADD', P .. 'x', id) end
    if q.o == 0 then
      q.o = 1
      call('SADD', P .. 'o', id)
    end
  else
    call('HSET', P .. 'd:' .. message, id, state .. ' ' .. tried .. ' ' .. steady(entered))
    count(q, state == 'S' and 's' or state == 'F' and 'f' or 'x', 1)
  end
  if tried ~= '0' then call('ZADD', P .. 'j:' .. id, 0, message) end
  changed[#changed + 1] = q
end

local function add_attempt(message)
  local attempt, row = ARGV[at], ARGV[at + 1]
  local id = string.sub(row, 29, 55)
  call('HSET', P .. 't:' .. message, attempt, row)
  call('ZADD', P .. 'h:' .. id, 0, attempt .. message)
  call('ZADD', P .. 'j:' .. id, 0, message)
  call('ZADD', P .. 'hx', 'LT', num(id_millis(attempt)), id)
end

for i = 1, tonumber(ARGV[2]) do
  local app, message, event, hour, accepted, stored =
    ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], steady(ARGV[at + 4]), ARGV[at + 5]
  local deliveries = tonumber(ARGV[at + 6])
  local attempts_at = at + 7 + 7 * deliveries
  local after = attempts_at + 1 + 2 * tonumber(ARGV[attempts_at])
  local owner = event ~= '' and call('HGET', P .. 'v:' .. app, event)
  if call('EXISTS', P .. 'm:' .. message) == 1 then
    answers[i] = 'P'
  elseif owner and owner ~= message then
    answers[i] = 'E'
  else
    answers[i] = 'A'
    keep_time()
    call('ZADD', P .. 'aa', 0, app)
    call('ZADD', P .. 'i:' .. app, 0, message)
    call('RPUSH', P .. 'xd:' .. hour, message)
    call('ZADD', P .. 'xh', hour, hour)
    if event ~= '' then call('HSET', P .. 'v:' .. app, event, message) end
    at = at + 7
    for _ = 1, deliveries do
      add_delivery(app, message, accepted)
      at = at + 7
    end
    at = attempts_at + 1
    while at < after do
      add_attempt(message)
      at = at + 2
    end
    call('SET', P .. 'm:' .. message, string.format('%013d', tonumber(accepted)) .. stored)
  end
  at = after
end
for _, q in ipairs(changed) do schedule(q) end
finish()
return { NOW - AHEAD, earliest_wall(), answers }
