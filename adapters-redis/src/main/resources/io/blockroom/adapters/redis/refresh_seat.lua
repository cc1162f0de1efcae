-- Notes a sign of life. ARGV 6 client id
if redis.call('HEXISTS', members, ARGV[6]) == 1 then
  local now = redis.call('TIME')
  redis.call('HSET', seen, ARGV[6], text_of(now[1] * 1000 + math.floor(now[2] / 1000)))
end
return { 'DONE' }
