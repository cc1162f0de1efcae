-- Touches named keys only, and names none of the searches.
return redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2])
