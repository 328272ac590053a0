-- Looks at some places of the ring from behind: applications, or the endpoints of one. Names go from its front to its end
-- meanwhile; those that stay move towards its front, so that none of them is passed over.
-- ARGV: 3 application, or '' for the ring of the applications | 4 how many are left to look at, or '' for all | 5 how many at
--       most | 6 among how many from the front a name is searched for a second time
-- Answers: time | when to claim | differences | how many are left
local app, most = ARGV[3], tonumber(ARGV[6])
local list = app == '' and 'ra' or 're:' .. app
local ring = P .. list
local size = call('LLEN', ring)
local left = ARGV[4] == '' and size or math.min(size, tonumber(ARGV[4]))
local from = math.max(0, left - tonumber(ARGV[5]))
local names = left > 0 and call('LRANGE', ring, from, left - 1) or {}
local times = {}
for _, name in ipairs(call('LRANGE', ring, 0, most - 1)) do times[name] = (times[name] or 0) + 1 end

local function belongs(name)
  if app == '' then return call('EXISTS', P .. 're:' .. name) == 1 end
  local q = queue_of(name)
  return q.a == app and q.i == 1
end

local seen = {}
for _, name in ipairs(names) do
  if not seen[name] then
    seen[name] = true
    if not belongs(name) then
      found('DANGLING_INDEX_ENTRY', list .. ' ' .. name, 'nothing of it is to be handed out',
        function() call('LREM', ring, 0, name) end)
    elseif (times[name] or 0) > 1 then
      found('DANGLING_INDEX_ENTRY', list .. ' ' .. name, 'it stands there twice', function()
        call('LREM', ring, 0, name)
        call('RPUSH', ring, name)
      end)
    end
  end
end
if app ~= '' and from == 0 and call('LLEN', P .. 'ra') <= most then
  local stands = call('LPOS', P .. 'ra', app)
  if not stands and call('EXISTS', ring) == 1 then
    found('LOST_INDEX_ENTRY', 'ra ' .. app, 'its endpoints are looked at by nobody',
      function() call('RPUSH', P .. 'ra', app) end)
  elseif stands and call('EXISTS', ring) == 0 and #findings > 0 then
    -- The last of its names was dropped just now.
    call('LREM', P .. 'ra', 0, app)
  end
end
finish()
return { NOW - AHEAD, earliest_wall(), findings, from }
