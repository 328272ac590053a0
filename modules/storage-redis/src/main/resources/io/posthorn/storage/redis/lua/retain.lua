-- Removes what has outlived its time, some of it: attempts a set time after they began, contents of messages at their
-- time, their records a set time after that. ARGV: 2 that set time in ms | 3 how many records at most
-- Answers: time | when to claim | 1 when there is more to do at once | the task whose turn it is, where one runs
local keep, left = tonumber(ARGV[2]), tonumber(ARGV[3])
local wall = NOW - AHEAD
local HOUR = 3600000

local function drop_attempts(id)
  local key, gone = P .. 'h:' .. id, 0
  local names = call('ZRANGE', key, 0, left)
  for _, name in ipairs(names) do
    if gone == left or id_millis(name) > wall - keep then break end
    gone = gone + 1
    call('HDEL', P .. 't:' .. string.sub(name, 28), string.sub(name, 1, 27))
  end
  if gone > 0 then call('ZREMRANGEBYRANK', key, 0, gone - 1) end
  left = left - gone
  local oldest = names[gone + 1]
  if oldest then
    call('ZADD', P .. 'hx', num(id_millis(oldest)), id)
  else
    call('ZREM', P .. 'hx', id)
  end
end

local function look_again(hour, message)
  call('RPUSH', P .. 'xd:' .. num(hour), message)
  call('ZADD', P .. 'xh', num(hour), num(hour))
end

-- Removes a delivery; one that waits ends as cancelled first. Answers whether it went: what is in flight stays.
local function drop_delivery(message, id)
  local row = call('HGET', P .. 'd:' .. message, id)
  local state = row and string.sub(row, 1, 1) or 'W'
  if state == 'W' then
    local class, name, fence = 'q', message, '0'
    if row then
      local attempts, place, trigger, under = string.match(row, '^W (%d+) %d+ (%l) %d+ (%l) (%d+)$')
      class, name, fence = place, member(message, attempts, trigger, under ~= '0' and under or nil), under
    end
    if call('ZREM', P .. class .. ':' .. id, name) == 0 then return false end
    if fence ~= '0' then call('HDEL', P .. 'l:' .. fence, id .. message) end
    local q = queue_of(id)
    count(q, 'x', 1)
    schedule(q)
    state = 'C'
  end
  call('HINCRBY', P .. 'e:' .. id, state == 'S' and 'sg' or state == 'F' and 'fg' or 'xg', 1)
  call('HDEL', P .. 'd:' .. message, id)
  call('ZREM', P .. 'j:' .. id, message)
  return true
end

-- Removes a message with what belongs to it; answers whether all of it went.
local function drop_message(message, key, head, size)
  local fan = tonumber(string.sub(head, 54, 58))
  local went = fan > 0 and call('GETRANGE', key, 64, 63 + 27 * fan) or ''
  local stay, at = {}, 0
  while at < fan and left > 0 do
    local id = string.sub(went, 27 * at + 1, 27 * at + 27)
    if not drop_delivery(message, id) then stay[#stay + 1] = id end
    at, left = at + 1, left - 1
  end
  local rest = table.concat(stay) .. string.sub(went, 27 * at + 1)
  if #rest < #went then
    call('SET', key, string.sub(head, 1, 53) .. string.format('%05d', #rest / 27) .. string.sub(head, 59, 64) .. rest
      .. call('GETRANGE', key, 64 + 27 * fan, size - 1))
  end
  if at < fan then return false end
  local flies = #stay > 0
  if not flies then
    -- Those that were made by a resend.
    for _, id in ipairs(call('HKEYS', P .. 'd:' .. message)) do
      if not drop_delivery(message, id) then flies = true end
      left = left - 1
    end
  end
  if flies then
    look_again(math.floor(wall / HOUR), message)
    return true
  end
  local attempts = call('HGETALL', P .. 't:' .. message)
  for i = 1, #attempts, 2 do
    call('ZREM', P .. 'h:' .. string.sub(attempts[i + 1], 29, 55), attempts[i] .. message)
    left = left - 1
  end
  local _, event = header((stored_head(message)))
  local app = string.sub(head, 27, 53)
  if event ~= '' and call('HGET', P .. 'v:' .. app, event) == message then call('HDEL', P .. 'v:' .. app, event) end
  call('ZREM', P .. 'i:' .. app, message)
  call('DEL', key, P .. 'd:' .. message, P .. 't:' .. message)
  return true
end

-- Answers whether it is done with for now.
local function look_at(message)
  left = left - 1
  local key = P .. 'm:' .. message
  local head = call('GETRANGE', key, 0, 63)
  if #head < 64 then return true end
  local expires = tonumber(string.sub(head, 14, 26))
  local size = 64 + 27 * tonumber(string.sub(head, 54, 58)) + tonumber(string.sub(head, 59, 64))
  if wall < expires then
    look_again(math.floor(expires / HOUR), message)
  elseif wall < expires + keep then
    if call('STRLEN', key) > size then call('SET', key, call('GETRANGE', key, 0, size - 1)) end
    look_again(math.floor((expires + keep) / HOUR), message)
  else
    return drop_message(message, key, head, size)
  end
  return true
end

local function look_through(hour)
  local list, done = P .. 'xd:' .. hour, 0
  for _, message in ipairs(call('LRANGE', list, 0, left - 1)) do
    if left <= 0 or not look_at(message) then break end
    done = done + 1
  end
  if done > 0 then call('LTRIM', list, done, -1) end
  if call('EXISTS', list) == 0 then call('ZREM', P .. 'xh', hour) end
end

keep_time()
for _, id in ipairs(call('ZRANGEBYSCORE', P .. 'hx', '-inf', num(wall - keep), 'LIMIT', 0, 32)) do
  if left > 0 then drop_attempts(id) end
end
-- A list is gone through when its hour is over, so that nothing on it is early.
for _, hour in ipairs(call('ZRANGEBYSCORE', P .. 'xh', '-inf', num(math.floor(wall / HOUR) - 1), 'LIMIT', 0, 32)) do
  if left > 0 then look_through(hour) end
end
-- Tasks that ended.
for _, task in ipairs(call('ZRANGEBYSCORE', P .. 'gx', '-inf', num(wall - keep), 'LIMIT', 0, 100)) do
  local org = call('HGET', P .. 'g:' .. task, 'org')
  if org then call('ZREM', P .. 'gn:' .. org, task) end
  call('DEL', P .. 'g:' .. task)
  call('ZREM', P .. 'gx', task)
end
finish()
return { wall, earliest_wall(), left <= 0 and 1 or 0,
  call('ZRANGE', P .. 'g', 0, 0)[1] }
