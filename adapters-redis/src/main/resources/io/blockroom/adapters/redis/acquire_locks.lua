-- Locks all blocks or none; if that cannot be now, and if it is wanted, the client waits in line.
-- ARGV 6 client id, 7 its entry in the line (empty: do not wait), 8 how many may wait for a block,
--      9 at how many places a client may wait, 10 how many blocks it may have or wait for, 11… blocks
-- Returns {'GRANTED', revision, remaining ms, block, token, whether it was held before ('1')…},
-- {'DENIED', revision, locks…}, {'QUEUED', revision, position, lock}, {'FULL', revision},
-- {'LIMIT', revision}, what is missing, or {'LOST'}.
local client = ARGV[6]
if not is_seated(client) then
  return { 'LOST' }
end
alive[me] = true
if line_of_room() then
  line.advance()
end
local holds = holds_of(11, #ARGV)
local blocks, free, obstacles = {}, {}, {}
for i = 11, #ARGV do
  local block = ARGV[i]
  local held = holds[block]
  blocks[#blocks + 1] = block
  if not held then
    free[#free + 1] = block
  end
  if held and held.owner ~= client then
    add(obstacles, held)
  elseif line and not (held and held.is_lock) then
    -- It is as good as held by the first other one in line for it.
    for _, waiter in ipairs(waiting_for(block)) do
      if waiter.client ~= client then
        local newest = math.max(1, (redis.call('HGET', tokens, 'next') or 2) - 1)
        add(obstacles, { block = block, owner = waiter.client, token = text_of(newest) })
        break
      end
    end
  end
end
if are_too_many(client, blocks, holds, tonumber(ARGV[10])) then
  return { 'LIMIT', announce() }
end
if #obstacles > 0 and ARGV[7] == '' then
  return add_locks({ 'DENIED', announce() }, obstacles)
end

if #obstacles > 0 then
  line = line or open_line()

  local function has_room()
    local places, waited_for = 0, #blocks
    for _, waiter in ipairs(line.waiters) do
      if waiter.client == client then
        places = places + 1
        waited_for = waited_for + #waiter.blocks
      end
    end
    for _, block in ipairs(blocks) do
      if #waiting_for(block) >= tonumber(ARGV[8]) then
        return false
      end
    end
    return places < tonumber(ARGV[9]) and waited_for <= tonumber(ARGV[10])
  end

  -- Whether somebody whom the client would wait for waits in turn, perhaps through others, for
  -- them. For blocks that are not one's own one waits for their owners and for those ahead.
  local function would_deadlock()
    local places, seen, open = {}, {}, { { client = client, blocks = blocks } }
    for _, waiter in ipairs(line.waiters) do
      places[waiter.client] = places[waiter.client] or {}
      add(places[waiter.client], waiter)
    end
    -- Whether that is the client; if not, their places are open to be looked at, once.
    local function leads_back(awaited)
      if not seen[awaited] then
        seen[awaited] = true
        add(open, unpack(places[awaited] or {}))
      end
      return awaited == client
    end
    while #open > 0 do
      local place = table.remove(open)
      for _, block in ipairs(place.blocks) do
        local held = hold_of(block)
        local owner = held and held.is_lock and held.owner
        if owner ~= place.client then
          if owner and leads_back(owner) then
            return true
          end
          for _, ahead in ipairs(waiting_for(block)) do
            if ahead == place then
              break
            end
            if ahead.client ~= place.client and leads_back(ahead.client) then
              return true
            end
          end
        end
      end
    end
    return false
  end

  local function position()
    local ahead, number = {}, 1
    for _, block in ipairs(blocks) do
      for _, waiter in ipairs(waiting_for(block)) do
        number = number + (ahead[waiter] and 0 or 1)
        ahead[waiter] = true
      end
    end
    return tostring(number)
  end

  if not has_room() then
    return { 'FULL', announce() }
  end
  if would_deadlock() then
    return add_locks({ 'DENIED', announce() }, obstacles)
  end
  local place = position()
  local waiter = line.add(ARGV[7])
  redis.call('RPUSH', queue, ARGV[7])
  tell('Q', ARGV[7])
  local obstacle = obstacles[1]
  for _, each in ipairs(obstacles) do
    if each.block == waiter.asked then
      obstacle = each
    end
  end
  return add_locks({ 'QUEUED', announce(), place }, { obstacle })
end

local missing = missing_for(free)
if missing then
  announce()
  return missing
end

local token = grant(client, blocks, holds)
local result = { 'GRANTED', '', remaining(client) }
for _, block in ipairs(blocks) do
  local held = holds[block]
  add(result, block, held and held.token or token, held and held.is_lock and '1' or '0')
end
result[2] = announce()
return result
