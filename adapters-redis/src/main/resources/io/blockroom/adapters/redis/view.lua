-- The room as it is, without what hangs on dead nodes: revision; number of members, each one's id,
-- value and presence (empty if unknown); number of locks, each one's block, owner and token; the
-- entries of the line.
local function view(step)
  local result, standing, doing = { step, '0' }, {}, {}
  local all = redis.call('HGETALL', presence)
  for i = 1, #all, 2 do
    doing[all[i]] = all[i + 1]
  end
  all = redis.call('HGETALL', members)
  for i = 1, #all, 2 do
    if is_alive(string.match(all[i + 1], '^[^\n]*')) then
      standing[all[i]] = true
      add(result, all[i], all[i + 1], doing[all[i]] or '')
    end
  end
  result[2] = text_of((#result - 2) / 3)
  add(result, '0')
  local number = #result
  for _, held in ipairs(all_holds()) do
    if held.is_lock and standing[held.owner] then
      add(result, held.block, held.owner, held.token)
    end
  end
  result[number] = text_of((#result - number) / 3)
  for _, waiter in ipairs(line_of_room() and line.waiters or {}) do
    if standing[waiter.client] then
      add(result, waiter.entry)
    end
  end
  return result
end
