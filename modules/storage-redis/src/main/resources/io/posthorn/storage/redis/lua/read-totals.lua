-- About how many items some applications of the shard have. ARGV: 2 application behind which to begin, or '' | 3 how many at
--       most. Answers: time | how many items | last application, or '' when these were the last
local apps = call('ZRANGEBYLEX', P .. 'aa', ARGV[2] == '' and '-' or '(' .. ARGV[2], '+', 'LIMIT', 0, ARGV[3])
local sum = 0
for _, app in ipairs(apps) do
  sum = sum + 1 + call('ZCARD', P .. 's:' .. app) + call('ZCARD', P .. 'i:' .. app)
end
return { NOW - AHEAD, sum, #apps < tonumber(ARGV[3]) and '' or apps[#apps] }
