-- Recounts some messages of an application, in the order of their ids.
-- ARGV: 3 application | 4 message behind which to begin, or '' | 5 how many at most; fewer where they have more than 2,000
--       deliveries and attempts together | 6 the moment for which to count, by the times of the store
-- Answers: time | when to claim | differences | '1' when these were the last | last message | messages | deliveries |
--       attempts | endpoint, deliveries that were created before, at and after that moment, those that succeeded, failed,
--       were cancelled likewise, those that cannot be read; ... | what has not ended and does not stand in its queue, so
--       that it should be in flight: endpoint, message, ...
local app, most = ARGV[3], tonumber(ARGV[5])
local ids = call('ZRANGEBYLEX', P .. 'i:' .. app, ARGV[4] == '' and '-' or '(' .. ARGV[4], '+', 'LIMIT', 0, most)
local messages, deliveries, attempts = 0, 0, 0
local sums, order, suspects, last = {}, {}, {}, ARGV[4]
local then_ms = tonumber(ARGV[6])

local function sum(id)
  local s = sums[id]
  if not s then
    s = { id, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }
    sums[id] = s
    order[#order + 1] = s
  end
  return s
end

-- Adds one to the count that begins there: before that moment, at it, or after.
local function add(s, first, when)
  local at = first + (when < then_ms and 0 or when == then_ms and 1 or 2)
  s[at] = s[at] + 1
end

local ENDS = { S = 5, F = 8, C = 11 }

local function look_at_delivery(id, message, row, accepted)
  local s = sum(id)
  add(s, 2, accepted)
  if row then
    local state, when = string.match(row, '^(%u) %d+ (%d+)')
    if ENDS[state] then return add(s, ENDS[state], tonumber(when)) end
    if not place_of(message, row) then
      s[14] = s[14] + 1
      return found('UNREADABLE', 'd:' .. message .. ' ' .. id, 'the state of a delivery cannot be read')
    end
  end
  if not waits(id, message, row) then
    suspects[#suspects + 1] = id
    suspects[#suspects + 1] = message
  end
end

local function look(message)
  local stored = stored_head(message)
  if not stored or string.sub(stored, 27, 53) ~= app then
    found('DANGLING_INDEX_ENTRY', 'i:' .. app .. ' ' .. message, 'there is no such message of the application',
      function() call('ZREM', P .. 'i:' .. app, message) end)
    return
  end
  messages = messages + 1
  local rows, went, listed = {}, {}, {}
  local flat = call('HGETALL', P .. 'd:' .. message)
  for i = 1, #flat, 2 do
    rows[flat[i]] = flat[i + 1]
    went[#went + 1] = flat[i]
  end
  for k = 0, tonumber(string.sub(stored, 54, 58)) - 1 do
    local id = string.sub(stored, 65 + 27 * k, 91 + 27 * k)
    listed[id] = true
    if not rows[id] then went[#went + 1] = id end
  end
  for _, id in ipairs(went) do
    deliveries = deliveries + 1
    local row = rows[id]
    -- When one that the message did not go to was created is not known: see changed_unseen.
    look_at_delivery(id, message, row, listed[id] and tonumber(string.sub(stored, 1, 13)) or 0)
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
return { NOW - AHEAD, earliest_wall(), findings, done and 1 or 0, last, messages, deliveries, attempts, order, suspects }
