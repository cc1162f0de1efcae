-- Locks all blocks or none. ARGV 6 client id, 7… blocks
-- Returns {'GRANTED', revision, blocks held before…}, {'DENIED', revision, block, owner, ms…} or {'LOST'}.
local client = ARGV[6]
if not is_seated(client) then
  return { 'LOST' }
end
alive[me] = true

local function foreign_owners()
  local found = {}
  for i = 7, #ARGV do
    local owner = redis.call('HGET', locks, ARGV[i])
    if owner and owner ~= client then
      found[#found + 1] = { ARGV[i], owner }
    end
  end
  return found
end

local foreign = foreign_owners()
for _, lock in ipairs(foreign) do
  if not stands(lock[2]) then
    bury_the_dead()
    foreign = foreign_owners()
    break
  end
end

if #foreign > 0 then
  local result = { 'DENIED', announce() }
  for _, lock in ipairs(foreign) do
    result[#result + 1] = lock[1]
    result[#result + 1] = lock[2]
    result[#result + 1] = text_of(math.max(0, redis.call('PTTL', leases .. node_of(lock[2]))))
  end
  return result
end

local held = {}
local granted = 0
for i = 7, #ARGV do
  if redis.call('HSETNX', locks, ARGV[i], client) == 1 then
    granted = granted + 1
    tell('A', ARGV[i], client)
  else
    held[#held + 1] = ARGV[i]
  end
end
if granted > 0 then
  redis.call('HINCRBY', counts, client, granted)
end
local result = { 'GRANTED', announce() }
for _, block in ipairs(held) do
  result[#result + 1] = block
end
return result
