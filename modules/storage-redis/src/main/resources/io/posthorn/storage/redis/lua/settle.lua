-- Stores results of claimed deliveries.
-- ARGV: for each, from 2 on: endpoint | message | fence | verdict S succeeded, F exhausted, C cancelled, R retry, D deferred |
--       when it is due again, wall time | attempt or '' | row of the attempt | S it succeeded, L it was lost, '' |
--       what the endpoint's circuit becomes or '' | when its next probe may go, wall time
-- Answers: time | when to claim | for each S settled or F fenced
local answers, running, ended, freed, late, changed = {}, {}, {}, {}, {}, {}

-- Whether the lease under that fence has not ended.
local function is_running(fence)
  if running[fence] == nil then
    running[fence] = call('ZSCORE', P .. 'l', fence) and true or false
  end
  return running[fence]
end

local function record(id, message, attempt, row)
  call('HSET', P .. 't:' .. message, attempt, row)
  if call('ZADD', P .. 'h:' .. id, 0, attempt .. message) == 1 and call('ZCARD', P .. 'h:' .. id) == 1 then
    call('ZADD', P .. 'hx', num(NOW - AHEAD), id)
  end
  call('ZADD', P .. 'j:' .. id, 0, message)
end

local function end_as(q, message, state, attempts)
  call('HSET', P .. 'd:' .. message, q.id, state .. ' ' .. attempts .. ' ' .. num(NOW))
  count(q, state == 'S' and 's' or state == 'F' and 'f' or 'x', 1)
end

local function wait(q, message, class, due, attempts, trigger)
  call('ZADD', P .. class .. ':' .. q.id, due, member(message, attempts, trigger))
  call('HSET', P .. 'd:' .. message, q.id, waiting_row(attempts, class, due, trigger))
end

-- Takes the delivery out of what is in flight, or out of its queue where its lease has ended; nil when it is fenced.
local function take(id, message, fence)
  local name = id .. message
  local row = not ended[fence .. name] and call('HGET', P .. 'l:' .. fence, name)
  if not row then return nil end
  local class, due, attempts, trigger = lease_row(row)
  if is_running(fence) then
    count(queue_of(id), 'n', -1)
  else
    local place = member(message, attempts, trigger, fence)
    if not call('ZSCORE', P .. class .. ':' .. id, place) then return nil end
    late[#late + 1] = { P .. class .. ':' .. id, place }
  end
  ended[fence .. name] = true
  local gone = freed[fence] or {}
  freed[fence] = gone
  gone[#gone + 1] = name
  return class, attempts, trigger
end

-- One more may be in flight for each success while half of what is allowed is used, half as many for each loss.
local function learn(q, told)
  if q.c == q.s + q.f + q.x then
    q.u = first_of(q)
  elseif told == 'L' then
    q.u = math.max(1, math.floor(limit_of(q) / 2))
  elseif told == 'S' and 2 * (q.n + 1) >= q.u and q.u < cap_of(q) then
    q.u = q.u + 1
  end
end

local function settle(at)
  local id, message, fence, verdict, attempt = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 5]
  local class, attempts, trigger = take(id, message, fence)
  if attempt ~= '' and (class or call('EXISTS', P .. 'm:' .. message) == 1) then
    record(id, message, attempt, ARGV[at + 6])
  end
  if not class then return 'F' end
  local q = queue_of(id)
  if attempt ~= '' then attempts = num(tonumber(attempts) + 1) end
  local due = num(tonumber(ARGV[at + 4]) + AHEAD)
  if verdict == 'S' or verdict == 'F' then
    end_as(q, message, verdict, attempts)
  elseif verdict == 'C' or q.removed == 1 then
    end_as(q, message, 'C', attempts)
  elseif verdict == 'R' then
    wait(q, message, 'r', due, attempts, trigger)
  else
    wait(q, message, class, due, attempts, trigger)
  end
  learn(q, ARGV[at + 7])
  if ARGV[at + 8] ~= '' then set_circuit(q, ARGV[at + 8], tonumber(ARGV[at + 9]) + AHEAD) end
  if not changed[id] then
    changed[id] = true
    changed[#changed + 1] = q
  end
  return 'S'
end

for at = 2, #ARGV, 10 do
  answers[#answers + 1] = settle(at)
end
-- The holds go last: should a write before them fail, the repeat of this call settles all of it.
for _, place in ipairs(late) do
  call('ZREM', place[1], place[2])
end
for fence, names in pairs(freed) do
  call('HDEL', P .. 'l:' .. fence, unpack(names))
  if running[fence] and call('HLEN', P .. 'l:' .. fence) <= 1 then
    call('DEL', P .. 'l:' .. fence)
    call('ZREM', P .. 'l', fence)
  end
end
for _, q in ipairs(changed) do
  schedule(q)
end
finish()
return { NOW - AHEAD, earliest_wall(), answers }
