-- Locks all blocks or none. ARGV 6 client id, 7… blocks
-- Returns {'GRANTED', revision, remaining ms, block, token, whether it was held before ('1')…},
-- {'DENIED', revision, locks…}, what is missing, or {'LOST'}.
local client = ARGV[6]
if not is_seated(client) then
  return { 'LOST' }
end
alive[me] = true

local holds = holds_of(7, #ARGV)
local free, foreign = {}, {}
for i = 7, #ARGV do
  local held = holds[ARGV[i]]
  if not held then
    add(free, ARGV[i])
  elseif held.owner ~= client then
    add(foreign, held)
  end
end
if #foreign > 0 then
  return add_locks({ 'DENIED', announce() }, foreign)
end
local missing = missing_for(free)
if missing then
  announce()
  return missing
end

local token = #free > 0 and new_token()
local result = { 'GRANTED', '', remaining(client) }
for i = 7, #ARGV do
  local block = ARGV[i]
  local held = holds[block] or { token = token }
  if not held.is_lock then
    lock(block, client, held.token)
  end
  add(result, block, held.token, held.is_lock and '1' or '0')
end
result[2] = announce()
return result
