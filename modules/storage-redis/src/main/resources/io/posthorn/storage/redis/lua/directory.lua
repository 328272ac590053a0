-- What the scripts of the directory share.

-- A row begins with its version, the length of its uid, and the uid, each followed by a blank; the record follows.
local function row_head(row)
  local version, length, at = string.match(row, '^(%d+) (%d+) ()')
  return version, string.sub(row, at, at + length - 1)
end

-- What the request with that key made, as an answer of the script; nil when there was none.
local function made_before(digest, body)
  if digest == '' then return nil end
  local made = call('GET', P .. 'k:' .. digest)
  if not made then return nil end
  local kind, of, row = string.match(made, '^(%u)(%S+) ()')
  if kind ~= 'E' or of ~= body then return { 'reused' } end
  return { 'repeated', string.sub(made, row) }
end

local function remember(digest, body, row)
  if digest ~= '' then call('SET', P .. 'k:' .. digest, 'E' .. body .. ' ' .. row, 'PX', 172800000) end
end
