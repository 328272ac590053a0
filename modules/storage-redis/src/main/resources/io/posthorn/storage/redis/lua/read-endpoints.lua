-- Reads endpoints of an application: those changed since a version, or a part of all.
-- ARGV: 2 application | 3 version that is known, or '' for all | 4 endpoint to begin behind, or '' | 5 how many at most
-- Answers: unknown | removed | all, version | version up to which it was read, version, then endpoint and row or ''
local app, since, most = ARGV[2], ARGV[3], tonumber(ARGV[5])
local known = call('HMGET', P .. 'a:' .. app, 'v', 'removed', 'floor')
if known[2] then return { 'removed' } end
if not known[1] then return { 'unknown' } end
local ids, upto = {}, known[1]
if since == '' then
  local from = ARGV[4] == '' and '-' or '(' .. ARGV[4]
  ids = call('ZRANGEBYLEX', P .. 's:' .. app, from, '+', 'LIMIT', 0, most)
else
  if known[3] and tonumber(since) < tonumber(known[3]) then return { 'all', known[1] } end
  local found =
    call('ZRANGEBYSCORE', P .. 'y:' .. app, '(' .. since, '+inf', 'WITHSCORES', 'LIMIT', 0, most)
  for i = 1, #found, 2 do ids[#ids + 1] = found[i] end
  if #ids == most then upto = found[#found] end
end
local answer = { upto, known[1] }
if #ids > 0 then
  local rows = call('HMGET', P .. 'n:' .. app, unpack(ids))
  for i = 1, #ids do
    answer[#answer + 1] = ids[i]
    answer[#answer + 1] = rows[i] or ''
  end
end
return answer
