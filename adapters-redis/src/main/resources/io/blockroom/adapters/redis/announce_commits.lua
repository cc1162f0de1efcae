-- Tells stored commits, each with the releases behind it, and ends their reservations.
-- ARGV 6…: for each commit the author's client id, six more fields of the event, the number of
--      blocks to release, these, the number of grants, each one's block, token and whether it was
--      reserved ('1')
-- Returns {revision}.
local function settle(author, from, to)
  for i = from, to, 3 do
    if ARGV[i + 2] == '1' then
      end_reservation(ARGV[i], author, ARGV[i + 1])
    end
    unmark(ARGV[i], ARGV[i + 1])
  end
end

local function release_all(author, from, to)
  for i = from, to do
    local held = hold_of(ARGV[i])
    if not held or not held.is_lock then
      tell('F', ARGV[i], 'COMMITTED')
    elseif held.owner == author then
      release(ARGV[i], author, 'COMMITTED')
    end
  end
end

local i = 6
while i <= #ARGV do
  local author = ARGV[i]
  local releases = i + 8
  local grants = releases + tonumber(ARGV[i + 7]) + 1
  local last = grants + 3 * tonumber(ARGV[grants - 1]) - 1
  settle(author, grants, last)
  tell('C', unpack(ARGV, i, i + 6))
  release_all(author, releases, grants - 2)
  i = last + 1
end
return { announce() }
