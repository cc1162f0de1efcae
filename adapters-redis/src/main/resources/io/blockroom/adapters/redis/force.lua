-- Ends the lock on a block, as not given back. ARGV 6 block
-- Returns {whether there was one ('1')}.
local held = holds_of(6, 6)[ARGV[6]]
local is_lock = held and held.is_lock
if is_lock then
  release(held, 'FORCED', true)
end
announce()
return { is_lock and '1' or '0' }
