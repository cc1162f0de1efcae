-- Takes a seat if one is free.
-- ARGV 6 client id, 7 member value, 8 nickname, 9 colour, 10 capacity
-- Returns {'TAKEN', whether there are tokens ('1'), view…}, {'FULL'}, or {'LOST'} if this node has
-- no lease.
if not holds_lease() then
  return { 'LOST' }
end
alive[me] = true
bury_the_dead()
if redis.call('HLEN', members) >= tonumber(ARGV[10]) then
  announce()
  return { 'FULL' }
end
redis.call('HSET', members, ARGV[6], ARGV[7])
redis.call('HINCRBY', nodes, me, 1)
tell('J', ARGV[6], ARGV[8], ARGV[9])
local result = view(announce())
table.insert(result, 1, 'TAKEN')
table.insert(result, 2, has_tokens() and '1' or '0')
return result
