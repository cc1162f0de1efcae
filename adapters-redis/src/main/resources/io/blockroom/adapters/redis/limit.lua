-- Whether these blocks would be too many for a client, together with those that it has, for a commit
-- or longer, and those that it waits for.
-- holds: who has which of the blocks
local function are_too_many(client, blocks, holds, most)
  local wanted, left = {}, most
  local function want(block, held)
    if not wanted[block] and not (held and held.owner == client) then
      wanted[block] = true
      left = left - 1
    end
  end
  for _, block in ipairs(blocks) do
    want(block, holds[block])
  end
  if next(wanted) == nil then
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

