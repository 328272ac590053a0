return ARGV[2]
