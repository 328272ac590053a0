-- Parks, limits and resumes queues and sets circuits, in order. ARGV: for each, from 2 on: endpoint | P park, L limit,
--       R resume, C circuit | until, wall time, or the limit | cause, or the circuit | first batch
-- Answers: time | when to claim
for at = 2, #ARGV, 5 do
  local q, kind, value = queue_of(ARGV[at]), ARGV[at + 1], tonumber(ARGV[at + 2])
  if q.a and q.removed == 0 then
    if kind == 'L' then
      q.l = value
      q.u = first_of(q)
    elseif kind == 'R' then
      q.p, q.w, q.k = 0, 0, 0
    elseif kind == 'C' then
      set_circuit(q, ARGV[at + 3], value + AHEAD)
    elseif value + AHEAD > q.p then
      q.p, q.w, q.k = value + AHEAD, tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4])
    end
    schedule(q)
  end
end
finish()
return { NOW - AHEAD, earliest_wall() }
