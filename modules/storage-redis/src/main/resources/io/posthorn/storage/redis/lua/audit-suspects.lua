-- Looks again at deliveries that had not ended, did not stand in their queue, and were not found under any lease up to a
-- fence. ARGV: 3 that fence | 4 how many leases after it at most | from 5 on: endpoint | message
-- Answers: time | when to claim | differences | for each: K it is all right | L it was lost | A look for its lease again
local walked, last, answers = tonumber(ARGV[3]), tonumber(call('GET', P .. 'f') or 0), {}

local function is_held(name)
  for fence = walked + 1, last do
    if call('HEXISTS', P .. 'l:' .. num(fence), name) == 1 and call('ZSCORE', P .. 'l', num(fence)) then return true end
  end
  return false
end

local function look(id, message)
  local row, stored = call('HGET', P .. 'd:' .. message, id), call('GETRANGE', P .. 'm:' .. message, 0, 12)
  local place = place_of(message, row)
  if stored == '' or not place or waits(id, message, row) then return 'K' end
  if last - walked > tonumber(ARGV[4]) then return 'A' end
  if is_held(id .. message) then return 'K' end
  local class, name = string.sub(place, 1, 1), string.sub(place, 2)
  found('LOST_INDEX_ENTRY', class .. ':' .. id .. ' ' .. message, 'it waits, but does not stand in its queue', function()
    call('ZADD', P .. class .. ':' .. id, row and string.match(row, '^W %d+ %d+ %l (%d+)') or num(tonumber(stored)), name)
    schedule(queue_of(id))
  end)
  return 'L'
end

for at = 5, #ARGV, 2 do answers[#answers + 1] = look(ARGV[at], ARGV[at + 1]) end
finish()
return { NOW - AHEAD, earliest_wall(), findings, answers }
