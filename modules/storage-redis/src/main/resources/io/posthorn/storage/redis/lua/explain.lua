-- What is known of a delivery. ARGV: 2 application | 3 message | 4 endpoint
-- Answers: what queue-state answers | lead of the steady time | accepted at | row or '' when untried | 1 in flight | class or
--       '' at an end | trigger | how many are handed out before it; only the time when there is no such delivery
local app, message, id = ARGV[2], ARGV[3], ARGV[4]
local head = call('GETRANGE', P .. 'm:' .. message, 0, 63)
if #head < 64 or string.sub(head, 27, 53) ~= app then return { NOW - AHEAD } end
local row, flies = delivery(message, id)
if row == '' then
  local fan, went = tonumber(string.sub(head, 54, 58)), false
  local ids = fan > 0 and call('GETRANGE', P .. 'm:' .. message, 64, 63 + 27 * fan) or ''
  for k = 0, fan - 1 do
    if string.sub(ids, 27 * k + 1, 27 * k + 27) == id then went = true end
  end
  if not went then return { NOW - AHEAD } end
end

local class, name, trigger = '', nil, 's'
if row == '' then
  class, name = 'q', message
elseif string.byte(row) == 87 then
  local attempts, place, kind, fence = string.match(row, '^W (%d+) %d+ (%l) %d+ (%l) (%d+)$')
  class, trigger, name = place, kind, member(message, attempts, kind, fence ~= '0' and fence or nil)
end
local before = 0
if name and flies == 0 then
  local lane = P .. class .. ':' .. id
  local due = tonumber(call('ZSCORE', lane, name))
  before = call('ZRANK', lane, name)
  -- First attempts that are due go before all retries; a retry goes before one only where that is due later.
  if class == 'r' then
    before = before + call('ZCOUNT', P .. 'q:' .. id, '-inf', num(math.max(NOW, due)))
  elseif due > NOW then
    before = before + call('ZCOUNT', P .. 'r:' .. id, '-inf', '(' .. num(due))
  end
end

local q = queue_of(id)
return { NOW - AHEAD, q.a and 1 or 0, q.c, q.s, q.f, q.x, standing(q), q.cb, AHEAD, string.sub(head, 1, 13), row, flies,
  class, trigger, before }
