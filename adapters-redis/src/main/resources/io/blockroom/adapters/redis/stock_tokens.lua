-- Gives the room tokens of a range that was just drawn: all grants before it are barred.
-- ARGV 6 first, 7 last
local before = redis.call('HMGET', tokens, 'first', 'run')
if redis.call('EXISTS', members) == 0
    or (before[1] and tonumber(ARGV[6]) <= tonumber(before[1])) then
  return { 'IGNORED' }
end
if before[2] and before[2] ~= run_id() then
  -- The restart may have lost changes that were told: no revision is given twice.
  redis.call('SET', revision, text_of(math.max(clock(), tonumber(current()))))
end
bury_the_dead()
redis.call('DEL', marks)
redis.call('HSET', tokens, 'first', ARGV[6], 'last', ARGV[7], 'next', ARGV[6], 'run', run_id())
for _, held in ipairs(all_holds()) do
  if held.is_lock then
    lock(held.block, held.owner, new_token(), 'ACQUIRED')
  else
    let_go(held.block, held.owner)
  end
end
is_due = true
announce()
return { 'STOCKED' }
