-- Makes a seat that stands the calling node's. ARGV 6 client id, 7 serial of the holder's token
-- Returns {'TAKEN', serial of the next token, view…}, {'GONE'}, {'REFUSED'} if the serial is not
-- good, or {'LOST'} if this node has no lease.
if not holds_lease() then
  return { 'LOST' }
end
alive[me] = true
bury_the_dead()
local client, serial = ARGV[6], tonumber(ARGV[7])
local node, last, lowest, person = string.match(redis.call('HGET', members, client) or '', SEAT)
if not node or serial < tonumber(lowest) or serial > tonumber(last) then
  announce()
  return { node and 'REFUSED' or 'GONE' }
end
local newest = text_of(last + 1)
redis.call('HSET', members, client, table.concat({ me, newest, lowest, person }, '\n'))
redis.call('HINCRBY', nodes, me, 1)
if line_of_room() then
  line.leave('client', { [client] = true }) -- they were the former connection's
end
tell('S', client, newest)
local step = announce()
-- Last: the node that had the seat is told, too.
if redis.call('HINCRBY', nodes, node, -1) <= 0 then
  redis.call('HDEL', nodes, node)
end
local result = view(step)
table.insert(result, 1, 'TAKEN')
table.insert(result, 2, newest)
return result
