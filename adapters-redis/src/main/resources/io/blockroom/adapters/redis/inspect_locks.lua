-- The locks in force on blocks. ARGV 6 client id, 7… blocks
-- Returns {'LOCKS', revision, block, owner, ms…} or {'LOST'}.
if not is_seated(ARGV[6]) then
  return { 'LOST' }
end
alive[me] = true
local result = { 'LOCKS', current() }
for i = 7, #ARGV do
  local owner = redis.call('HGET', locks, ARGV[i])
  if owner and stands(owner) then
    result[#result + 1] = ARGV[i]
    result[#result + 1] = owner
    result[#result + 1] = text_of(math.max(0, redis.call('PTTL', leases .. node_of(owner))))
  end
end
return result
