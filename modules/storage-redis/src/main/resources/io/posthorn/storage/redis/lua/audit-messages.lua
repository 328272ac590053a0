-- Recounts some messages of an application, in the order of their ids.
-- ARGV: 3 application | 4 message behind which to begin, or '' | 5 how many at most
-- Answers: time | when to claim | differences | '1' when these were the last | last message | messages | deliveries |
--       attempts | endpoint, succeeded, failed, cancelled, waiting, in flight, ...
local app, most = ARGV[3], tonumber(ARGV[5])
local ids = call('ZRANGEBYLEX', P .. 'i:' .. app, ARGV[4] == '' and '-' or '(' .. ARGV[4], '+', 'LIMIT', 0, most)
local messages, deliveries, attempts = 0, 0, 0
local sums, order, flights, last = {}, {}, nil, ARGV[4]

local function sum(id, state)
  local s = sums[id]
  if not s then
    s = { S = 0, F = 0, C = 0, W = 0, I = 0 }
    sums[id] = s
    order[#order + 1] = id
  end
  s[state] = s[state] + 1
end

-- Whether a dispatcher holds it: under one of the leases that run.
local function flies(id, message)
  if not flights then
    flights = {}
    for _, fence in ipairs(call('ZRANGE', P .. 'l', 0, -1)) do
      for _, name in ipairs(call('HKEYS', P .. 'l:' .. fence)) do flights[name] = true end
    end
  end
  return flights[id .. message]
end

local function state_of(id, message, row, accepted)
  local state = string.sub(row or 'W', 1, 1)
  if state == 'S' or state == 'F' or state == 'C' then return state end
  local class, name, due = 'q', message, accepted
  if row then
    local tried, place, at, trigger, fence = string.match(row, '^W (%d+) %d+ (%l) (%d+) (%l) (%d+)$')
    if not tried then
      found('UNREADABLE', 'd:' .. message .. ' ' .. id, 'the state of a delivery cannot be read')
      return 'W'
    end
    class, due, name = place, at, member(message, tried, trigger, fence ~= '0' and fence or nil)
  end
  if call('ZSCORE', P .. class .. ':' .. id, name) then return 'W' end
  if flies(id, message) then return 'I' end
  found('LOST_INDEX_ENTRY', class .. ':' .. id .. ' ' .. message, 'it waits, but does not stand in its queue', function()
    call('ZADD', P .. class .. ':' .. id, due, name)
    schedule(queue_of(id))
  end)
  return 'W'
end

local function look(message)
  local stored = stored_head(message)
  if not stored or string.sub(stored, 27, 53) ~= app then
    found('DANGLING_INDEX_ENTRY', 'i:' .. app .. ' ' .. message, 'there is no such message of the application',
      function() call('ZREM', P .. 'i:' .. app, message) end)
    return
  end
  messages = messages + 1
  local rows, went = {}, {}
  local flat = call('HGETALL', P .. 'd:' .. message)
  for i = 1, #flat, 2 do
    rows[flat[i]] = flat[i + 1]
    went[#went + 1] = flat[i]
  end
  for k = 0, tonumber(string.sub(stored, 54, 58)) - 1 do
    local id = string.sub(stored, 65 + 27 * k, 91 + 27 * k)
    if not rows[id] then went[#went + 1] = id end
  end
  for _, id in ipairs(went) do
    deliveries = deliveries + 1
    local row = rows[id]
    sum(id, state_of(id, message, row, string.sub(stored, 1, 13)))
    local tried = row and tonumber(string.match(row, '^%u (%d+)')) or 0
    if tried > 0 and not call('ZSCORE', P .. 'j:' .. id, message) then
      found('LOST_INDEX_ENTRY', 'j:' .. id .. ' ' .. message, 'it was tried, but is not listed',
        function() call('ZADD', P .. 'j:' .. id, 0, message) end)
    end
  end
  local made = call('HGETALL', P .. 't:' .. message)
  for i = 1, #made, 2 do
    attempts = attempts + 1
    local id = string.sub(made[i + 1], 29, 55)
    if not call('ZSCORE', P .. 'h:' .. id, made[i] .. message) then
      found('LOST_INDEX_ENTRY', 'h:' .. id .. ' ' .. made[i], 'an attempt is not listed', function()
        call('ZADD', P .. 'h:' .. id, 0, made[i] .. message)
        call('ZADD', P .. 'hx', 'LT', num(id_millis(made[i])), id)
      end)
    end
  end
  local _, event = header(stored)
  if event ~= '' and call('HGET', P .. 'v:' .. app, event) ~= message then
    found('LOST_INDEX_ENTRY', 'v:' .. app .. ' ' .. message, 'its eventId does not lead to it',
      function() call('HSET', P .. 'v:' .. app, event, message) end)
  end
end

local done = #ids < most
for n, message in ipairs(ids) do
  look(message)
  last = message
  if deliveries + attempts > 2000 and n < #ids then
    done = false
    break
  end
end
finish()
local answer = {}
for _, id in ipairs(order) do
  local s = sums[id]
  answer[#answer + 1] = { id, s.S, s.F, s.C, s.W, s.I }
end
return { NOW - AHEAD, earliest_wall(), findings, done and 1 or 0, last, messages, deliveries, attempts, answer }
