-- Leaves the seats of the calling node to whoever takes them over. ARGV 6 for how long, in ms
local heir, number = me .. '~', 0
local all = holds_lease() and redis.call('HGETALL', members) or {}
for i = 1, #all, 2 do
  local node, last, lowest, person = string.match(all[i + 1], SEAT)
  if node == me then
    redis.call('HSET', members, all[i], table.concat({ heir, last, lowest, person }, '\n'))
    number = number + 1
  end
end
if number > 0 then
  redis.call('SET', leases .. heir, me, 'PX', ARGV[6])
  redis.call('HINCRBY', nodes, heir, number)
  redis.call('HDEL', nodes, me)
end
return { 'DONE' }
