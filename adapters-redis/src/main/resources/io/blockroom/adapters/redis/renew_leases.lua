-- Renews those leases (Redisson locks: hashes with one field, their holder) that are still the
-- holder's. KEYS leases; ARGV 1 holder, 2 how long they last from now on, in ms
-- Returns for each whether it is ('1').
local renewed = {}
for i, lease in ipairs(KEYS) do
  local is_held = redis.call('HEXISTS', lease, ARGV[1]) == 1
  if is_held then
    redis.call('PEXPIRE', lease, ARGV[2])
  end
  renewed[i] = is_held and '1' or '0'
end
return renewed
