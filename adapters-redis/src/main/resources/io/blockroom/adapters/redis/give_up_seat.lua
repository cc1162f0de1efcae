-- Gives a seat of the calling node back, with its locks. ARGV 6 client id, 7 why it leaves
if node_of(ARGV[6]) == me then
  unseat(ARGV[6], me, 'DISCONNECTED', ARGV[7], false)
  announce()
end
return { 'DONE' }
