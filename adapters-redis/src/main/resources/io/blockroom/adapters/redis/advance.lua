-- Grants the turns that have come. Returns {'ADVANCED', revision}, or what is missing.
local missing = line_of_room() and line.advance() or nil
local step = announce()
return missing or { 'ADVANCED', step }
