-- Gives a lock to somebody else. ARGV 6 owner's client id, 7 block, 8 the other's client id,
--      9 how many blocks a client may have or wait for
-- Returns {'HANDED_OVER', revision}, {'NOT_HELD', revision}, {'NOBODY', revision} if the other one
-- has no seat, {'LIMIT', revision}, what is missing, or {'LOST'}.
local owner, block, other = ARGV[6], ARGV[7], ARGV[8]
if not is_seated(owner) then
  return { 'LOST' }
end
alive[me] = true
local held = hold_of(block)
if not held or not held.is_lock or held.owner ~= owner then
  return { 'NOT_HELD', current() }
end
if not stands(other) then
  bury_the_dead()
  return { 'NOBODY', announce() }
end
if are_too_many(other, { block }, { [block] = held }, tonumber(ARGV[9])) then
  return { 'LIMIT', announce() }
end
local missing = missing_for({ block })
if missing then
  return missing
end
release(held, 'HANDOVER')
lock(block, other, new_token(), 'HANDOVER')
return { 'HANDED_OVER', announce() }
