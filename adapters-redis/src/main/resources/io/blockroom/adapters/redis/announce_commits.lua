-- Tells stored commits, each with the releases behind it, and ends their reservations.
-- ARGV 6…: for each commit the author's client id, six more fields of the event, the number of
--      blocks to release, these, the number of grants, each one's block, token and whether it was
--      reserved ('1')
-- Returns {revision}.
local function settle(author, from, to)
  local granted = {}
  for i = from, to, 3 do
    granted[ARGV[i]] = tonumber(ARGV[i + 1])
    if ARGV[i + 2] == '1' then
      end_reservation(ARGV[i], author, ARGV[i + 1])
    end
    mark(ARGV[i], ARGV[i + 1], -1)
  end
  return granted
end

-- What the author has locked anew since is not what the commit lets go of.
local function release_all(author, granted, from, to)
  for i = from, to do
    local held = hold_of(ARGV[i])
    if not held or not held.is_lock then
      tell_free(ARGV[i], 'COMMITTED')
    elseif held.owner == author
        and tonumber(held.token) <= (granted[ARGV[i]] or math.huge) then
      release(held, 'COMMITTED')
    end
  end
end

local i = 6
while i <= #ARGV do
  local author = ARGV[i]
  local releases = i + 8
  local grants = releases + tonumber(ARGV[i + 7]) + 1
  local last = grants + 3 * tonumber(ARGV[grants - 1]) - 1
  local granted = settle(author, grants, last)
  tell('C', unpack(ARGV, i, i + 6))
  release_all(author, granted, releases, grants - 2)
  i = last + 1
end
return { announce() }
