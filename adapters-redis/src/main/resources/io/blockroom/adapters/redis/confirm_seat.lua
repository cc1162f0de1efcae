-- Notes that lower serials than this one are good no more. ARGV 6 client id, 7 serial
if is_seated(ARGV[6]) then
  local node, last, lowest, person = string.match(redis.call('HGET', members, ARGV[6]), SEAT)
  local serial = tonumber(ARGV[7])
  if serial >= tonumber(lowest) and serial <= tonumber(last) then
    redis.call('HSET', members, ARGV[6], table.concat({ node, last, ARGV[7], person }, '\n'))
  end
end
return { 'DONE' }
