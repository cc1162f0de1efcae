-- Lets go of all these locks or of none. ARGV 6 client id, 7… blocks
-- Returns {'RELEASED', revision}, {'NOT_HELD', revision, blocks…} or {'LOST'}.
local client = ARGV[6]
if not is_seated(client) then
  return { 'LOST' }
end
alive[me] = true
local holds = holds_of(7, #ARGV)
local foreign = { 'NOT_HELD', '' }
for i = 7, #ARGV do
  local held = holds[ARGV[i]]
  if not held or not held.is_lock or held.owner ~= client then
    add(foreign, ARGV[i])
  end
end
if #foreign > 2 then
  foreign[2] = announce()
  return foreign
end
for i = 7, #ARGV do
  release(holds[ARGV[i]], 'RELEASED')
end
return { 'RELEASED', announce() }
