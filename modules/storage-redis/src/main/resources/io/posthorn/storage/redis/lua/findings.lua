-- What scripts of a recount share. Each looks and, where ARGV[2] is '1', mends in one go, so that nothing changes between.
local REPAIR = ARGV[2] == '1'
local findings = {}

-- Notes a difference: its kind, where, what; mend puts it right.
local function found(kind, where, detail, mend)
  if REPAIR and mend then mend() end
  findings[#findings + 1] = kind
  findings[#findings + 1] = where
  findings[#findings + 1] = detail
  findings[#findings + 1] = REPAIR and mend and 1 or 0
end
