-- Tells a stored commit and releases blocks behind it.
-- ARGV 6 client id, 7 sequence number, 8 block, 9 events, 10 whether there is a workspace ('1'),
--      11 workspace, 12… blocks to release
-- Returns {'ANNOUNCED', revision} or {'LOST'}.
local client = ARGV[6]
if not is_seated(client) then
  return { 'LOST' }
end
tell('C', client, ARGV[7], ARGV[8], ARGV[9], ARGV[10], ARGV[11])
for i = 12, #ARGV do
  local owner = redis.call('HGET', locks, ARGV[i])
  if owner == client then
    release(ARGV[i], client)
  elseif not owner then
    tell('F', ARGV[i])
  end
end
return { 'ANNOUNCED', announce() }
