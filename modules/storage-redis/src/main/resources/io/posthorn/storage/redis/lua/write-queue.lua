-- Takes in what another store knows of a queue. ARGV: 2 application | 3 endpoint | 4 '1' removed | 5 parked until, wall time,
--       or 0 | 6 cause | 7 first batch | 8 succeeded, failed and cancelled whose records are gone | 11 source | 12 circuit or ''
-- Answers: time | when to claim
local app, id = ARGV[2], ARGV[3]
local q = queue_of(id)
keep_time()
q.a = q.a or app
local gone = { tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10]) }
if gone[1] + gone[2] + gone[3] > 0 and call('SADD', P .. 'mc', ARGV[11] .. ' ' .. id) == 1 then
  count(q, 'c', gone[1] + gone[2] + gone[3])
  for i, field in ipairs({ 's', 'f', 'x' }) do
    count(q, field, gone[i])
    if gone[i] > 0 then call('HINCRBY', P .. 'e:' .. id, field .. 'g', num(gone[i])) end
  end
end
if tonumber(ARGV[5]) + AHEAD > math.max(NOW, q.p) then
  q.p, q.w, q.k = tonumber(ARGV[5]) + AHEAD, tonumber(ARGV[6]), tonumber(ARGV[7])
end
if q.cb == '' then q.cb = ARGV[12] end
if ARGV[4] == '1' and call('HEXISTS', P .. 'n:' .. app, id) == 0 then
  q.removed = 1
  if q.c > q.s + q.f + q.x then call('SADD', P .. 'x', id) end
end
schedule(q)
finish()
return { NOW - AHEAD, earliest_wall() }
