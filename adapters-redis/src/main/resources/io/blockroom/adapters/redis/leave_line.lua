-- Ends places in line. ARGV 6… tickets. Returns {revision}.
local tickets = {}
for i = 6, #ARGV do
  tickets[ARGV[i]] = true
end
if line_of_room() then
  line.leave('ticket', tickets)
end
return { announce() }
