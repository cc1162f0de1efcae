-- Gives a seat of the calling node back, with its locks. ARGV 6 client id, 7 why it leaves
unseat(me, ARGV[6], 'DISCONNECTED', ARGV[7], false)
announce()
return { 'DONE' }
