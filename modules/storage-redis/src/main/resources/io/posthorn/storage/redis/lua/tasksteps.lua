-- What the steps of background tasks share. ARGV: 2 task | 3 the cursor from which this step goes on | 4 application |
--       5 endpoint | 6 how many records at most
-- Answers: time | when to claim | 1 when the task goes on
local task, app, id, most = P .. 'g:' .. ARGV[2], ARGV[4], ARGV[5], tonumber(ARGV[6])
local changed, scanned, cursor = 0, 0, ARGV[3]

-- Whether the task stands where this step begins; a repeat, or the step of another node, does nothing.
local function begins()
  local now = call('HMGET', task, 'status', 'cursor')
  return now[1] == 'R' and now[2] == ARGV[3]
end

local function stands(status, failure)
  local wall = num(NOW - AHEAD)
  call('HSET', task, 'status', status, 'cursor', cursor, 'failure', failure, 'updated', wall)
  call('HINCRBY', task, 'changed', changed)
  call('HINCRBY', task, 'scanned', scanned)
  if status == 'R' then
    -- Behind those that wait for their turn.
    local last = call('ZREVRANGE', P .. 'g', 0, 0, 'WITHSCORES')[2]
    call('ZADD', P .. 'g', num(math.max(NOW - AHEAD, last and tonumber(last) + 1 or 0)), ARGV[2])
  else
    call('ZREM', P .. 'g', ARGV[2])
    call('ZADD', P .. 'gx', wall, ARGV[2])
  end
end

-- Runs a step that answers whether the task is done.
local function run(step)
  if not begins() then return { NOW - AHEAD, -1, 1 } end
  local status, failure, q = 'R', '', queue_of(id)
  keep_time()
  if call('HEXISTS', P .. 'n:' .. app, id) == 0 then
    status, failure = 'F', 'the endpoint was deleted'
  else
    if step(q) then status = 'D' end
    if changed > 0 then
      if q.o == 0 then
        q.o = 1
        call('SADD', P .. 'o', id)
      end
      schedule(q)
    end
  end
  stands(status, failure)
  finish()
  return { NOW - AHEAD, earliest_wall(), status == 'R' and 1 or 0 }
end

-- Puts a delivery into the queue among the retries, so that fresh messages go before it.
local function put_back_now(q, message, attempts, trigger)
  local now = num(NOW)
  call('ZADD', P .. 'r:' .. id, now, member(message, attempts, trigger))
  call('HSET', P .. 'd:' .. message, id, waiting_row(attempts, 'r', now, trigger))
  q.a = app
  changed = changed + 1
end
