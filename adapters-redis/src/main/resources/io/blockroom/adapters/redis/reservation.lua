-- Frees what was reserved for a commit of the author, if it is still; under whatever token if none
-- is given.
local function end_reservation(block, author, token)
  local held = hold_of(block)
  if held and not held.is_lock and held.owner == author and (not token or held.token == token) then
    let_go(block, author)
  end
end
