-- What is known of the queues of an application's endpoints beside their deliveries, where there is something.
-- ARGV: 2 application | 3 endpoint behind which to begin, or '' | 4 how many at most
-- Answers: time | '1' when these were the last | last endpoint | for each: endpoint, '1' removed, parked until as wall time
--       or 0, cause, first batch, gone: succeeded, failed, cancelled; circuit or ''
local ids = call('ZRANGEBYLEX', P .. 'ee:' .. ARGV[2], ARGV[3] == '' and '-' or '(' .. ARGV[3], '+', 'LIMIT', 0, ARGV[4])
local answer = {}
for _, id in ipairs(ids) do
  local e = call('HMGET', P .. 'e:' .. id, 'removed', 'p', 'w', 'k', 'sg', 'fg', 'xg', 'cb')
  local parked = tonumber(e[2] or 0)
  if e[1] == '1' or parked > NOW or e[5] or e[6] or e[7] or e[8] then
    answer[#answer + 1] = { id, e[1] or '0', parked > NOW and num(parked - AHEAD) or '0', e[3] or '0', e[4] or '0',
      e[5] or '0', e[6] or '0', e[7] or '0', e[8] or '' }
  end
end
return { NOW - AHEAD, #ids < tonumber(ARGV[4]) and 1 or 0, ids[#ids] or '', answer }
