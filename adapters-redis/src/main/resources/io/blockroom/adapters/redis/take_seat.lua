-- Takes a seat if one is free.
-- ARGV 6 client id, 7 nickname, 8 colour, 9 capacity
-- Returns {'TAKEN', whether there are tokens ('1'), view…}, {'FULL'}, or {'LOST'} if this node has
-- no lease.
if not holds_lease() then
  return { 'LOST' }
end
alive[me] = true
bury_the_dead()
if redis.call('HLEN', members) >= tonumber(ARGV[9]) then
  announce()
  return { 'FULL' }
end
redis.call('HSET', members, ARGV[6], table.concat({ me, '1', '1', ARGV[8], ARGV[7] }, '\n'))
redis.call('HINCRBY', nodes, me, 1)
tell('J', ARGV[6], ARGV[7], ARGV[8])
local result = view(announce())
table.insert(result, 1, 'TAKEN')
table.insert(result, 2, has_tokens() and '1' or '0')
return result
