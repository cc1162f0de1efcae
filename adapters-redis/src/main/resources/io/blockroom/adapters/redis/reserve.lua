-- Claims blocks for commits, one claim after the other.
-- ARGV 6…: for each claim the author's client id, the number of blocks, the blocks
-- Returns for each claim the length of the outcome and the outcome:
-- {'RESERVED', revision, remaining ms, block, token, whether it is locked ('1')…}, {'CONFLICT',
-- revision, locks…}, {'BUSY', revision, reservations…}, what is missing, or {'LOST'}.
local function claim(author, from, to)
  if not is_seated(author) then
    return { 'LOST' }
  end
  alive[me] = true
  local holds = holds_of(from, to)
  local free, held_locks, reservations, is_foreign = {}, {}, {}, false
  for i = from, to do
    local held = holds[ARGV[i]]
    if not held then
      add(free, ARGV[i])
    elseif held.is_lock then
      add(held_locks, held)
      is_foreign = is_foreign or held.owner ~= author
    else
      add(reservations, held)
    end
  end
  if is_foreign then
    return add_locks({ 'CONFLICT', announce() }, held_locks)
  end
  if #reservations > 0 then
    return add_locks({ 'BUSY', announce() }, reservations)
  end
  local missing = missing_for(free)
  if missing then
    announce()
    return missing
  end

  local token = #free > 0 and new_token()
  local result = { 'RESERVED', '', remaining(author) }
  for i = from, to do
    local block = ARGV[i]
    local held = holds[block]
    if not held then
      hold(block, author, token, ' R')
    end
    mark(block, held and held.token or token, 1)
    add(result, block, held and held.token or token, held and '1' or '0')
  end
  result[2] = announce()
  return result
end

local all = {}
local i = 6
while i <= #ARGV do
  local last = i + 1 + tonumber(ARGV[i + 1])
  local outcome = claim(ARGV[i], i + 2, last)
  add(all, text_of(#outcome))
  for _, text in ipairs(outcome) do
    all[#all + 1] = text
  end
  i = last + 1
end
return all
