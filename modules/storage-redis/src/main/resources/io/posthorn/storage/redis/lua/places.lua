-- Where a delivery that has not ended would wait by its record, as its class and then how it stands in that queue; nil when
-- the record cannot be read.
local function place_of(message, row)
  if not row then return 'q' .. message end
  local tried, class, trigger, fence = string.match(row, '^W (%d+) %d+ (%l) %d+ (%l) (%d+)$')
  return tried and class .. member(message, tried, trigger, fence ~= '0' and fence or nil)
end

-- Whether it stands there.
local function waits(id, message, row)
  local place = place_of(message, row)
  return place and call('ZSCORE', P .. string.sub(place, 1, 1) .. ':' .. id, string.sub(place, 2)) and true or false
end
