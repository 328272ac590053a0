-- Changes of applications that their shards were not told of within a time. ARGV: 2 that time, ms | 3 how many at most
return call('ZRANGEBYSCORE', P .. 'p', '-inf', NOW - ARGV[2], 'LIMIT', 0, ARGV[3])
