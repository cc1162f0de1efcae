-- Gives a seat of the calling node back, with its locks. ARGV 6 client id
if node_of(ARGV[6]) == me then
  unseat(ARGV[6], me)
  announce()
end
return { 'DONE' }
