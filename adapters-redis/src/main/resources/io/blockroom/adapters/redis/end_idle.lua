-- Ends all locks of somebody who does nothing, as not given back. ARGV 6 client id
if not is_seated(ARGV[6]) then
  return { 'LOST' }
end
for _, held in ipairs(all_holds()) do
  if held.is_lock and held.owner == ARGV[6] then
    release(held, 'IDLE', true)
  end
end
announce()
return { 'DONE' }
