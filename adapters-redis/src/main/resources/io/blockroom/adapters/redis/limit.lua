-- Whether these blocks would be too many for a client, together with those that it has, for a commit
-- or longer, and those that it waits for.
-- holds: who has which of the blocks
local function are_too_many(client, blocks, holds, most)
  local wanted, left, is_more = {}, most, false
  local function want(block, held)
    if not wanted[block] and not (held and held.owner == client) then
      wanted[block] = true
      left = left - 1
    end
  end
  for _, block in ipairs(blocks) do
    local held = holds[block]
    is_more = is_more or not (held and held.owner == client and held.is_lock)
    want(block, held)
  end
  if not is_more then
    return false
  end
  for _, waiter in ipairs(line_of_room() and line.waiters or NOBODY) do
    if waiter.client == client then
      for _, block in ipairs(waiter.blocks) do
        want(block, hold_of(block))
      end
    end
  end
  return tonumber(redis.call('HGET', counts, client) or 0) > left
end

