-- Ends all seats of a node whose lease has ended.
-- ARGV 6 node, 7 '1' to end its lease first, 8 why its locks end
-- Returns {'ENDED'}, or {'ALIVE'} if the lease stands.
if ARGV[7] == '1' then
  redis.call('DEL', leases .. ARGV[6])
end
if is_alive(ARGV[6]) then
  return { 'ALIVE' }
end
unseat_all_of(ARGV[6], ARGV[8])
announce()
return { 'ENDED' }
