-- Frees what was reserved for a commit that is not announced.
-- ARGV 6 author's client id, 7 '1' if the commit may yet be stored, 8 number of grants; each
--      grant's block and token; the reserved blocks
local author, is_unknown = ARGV[6], ARGV[7] == '1'
local reserved_from = 9 + 2 * tonumber(ARGV[8])
local grants = {}
for i = 9, reserved_from - 1, 2 do
  grants[ARGV[i]] = ARGV[i + 1]
  if not is_unknown then
    mark(ARGV[i], ARGV[i + 1], -1)
  end
end
for i = reserved_from, #ARGV do
  local token = grants[ARGV[i]]
  if token or reserved_from == 9 then
    end_reservation(ARGV[i], author, token)
  end
end
announce()
return { 'DONE' }
