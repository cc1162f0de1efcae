-- Tells what happened to the room as a whole. ARGV 6 kind of the event, 7… its fields
tell(ARGV[6], unpack(ARGV, 7))
announce()
return { 'DONE' }
