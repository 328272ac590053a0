-- Deliveries that are named: of a message for several endpoints, or of several messages for an endpoint.
local function delivery(message, id)
  local row = call('HGET', P .. 'd:' .. message, id)
  local class, name
  if not row then
    class, name = 'q', message
  elseif string.byte(row) == 87 then
    local attempts, place, trigger, fence = string.match(row, '^W (%d+) %d+ (%l) %d+ (%l) (%d+)$')
    class, name = place, member(message, attempts, trigger, fence ~= '0' and fence or nil)
  end
  -- What waits and does not stand in its queue is held by a dispatcher.
  local flies = class and not call('ZSCORE', P .. class .. ':' .. id, name)
  return row or '', flies and 1 or 0
end
