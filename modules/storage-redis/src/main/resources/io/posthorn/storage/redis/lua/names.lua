-- Some names of a sorted set in their order. ARGV: 2 its key | 3 name behind which to begin, or '' | 4 how many at most
-- Answers: time | names
return { NOW - AHEAD, call('ZRANGEBYLEX', P .. ARGV[2], ARGV[3] == '' and '-' or '(' .. ARGV[3], '+', 'LIMIT', 0,
  ARGV[4]) }
