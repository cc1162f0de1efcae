-- Lets go of all these locks or of none. ARGV 6 client id, 7… blocks
-- Returns {'RELEASED', revision}, {'NOT_HELD', revision, blocks…} or {'LOST'}.
local client = ARGV[6]
if not is_seated(client) then
  return { 'LOST' }
end
local foreign = { 'NOT_HELD', current() }
for i = 7, #ARGV do
  local held = hold_of(ARGV[i])
  if not held or not held.is_lock or held.owner ~= client then
    add(foreign, ARGV[i])
  end
end
if #foreign > 2 then
  return foreign
end
for i = 7, #ARGV do
  release(ARGV[i], client, 'RELEASED')
end
return { 'RELEASED', announce() }
