-- What every script of a room begins with. Each function costs every script a moment: what few
-- scripts need is in files of its own, or made when it is needed.
--
-- KEYS  1 members  (hash: client id -> node, serial of the newest token, the lowest that is good,
--                   colour and nickname, a newline between any two)
--       2 locks    (hash: block id -> client id, blank, token; then blank, 'R' if it is not locked but
--                   reserved for a commit)
--       3 counts   (hash: client id -> number of its entries in locks; none for none)
--       4 nodes    (hash: node id -> number of its seats)
--       5 revision (string)
--       6 presence (hash: client id -> what they are doing, as Texts.java says)
--       7 marks    (hash: block id that was not given back -> token, blank, number of reasons)
--       8 tokens   (hash: first, last and next token, run: of Redis when it was given them)
--       9 line     (list, first come first: ticket, client id, asked block and all blocks of a
--                   waiter, a newline between any two)
--       10 lease   of the calling node (a Redisson lock: a hash with one field, its holder)
-- ARGV  1 room, 2 calling node, 3 its holder name, 4 prefix of the leases, 5 prefix of the channels
--
-- The leases of other nodes are named by prefix; they lie in the room's slot like all its keys.
-- Tokens are below 2^53: Lua's numbers hold them exactly.
--
-- Seats that a node left behind when it ended hang on another node's lease, of the same id with a
-- tilde: a plain key that nobody renews.

local members, locks, counts, nodes, revision, presence, marks, tokens, queue, lease =
  KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10]
local room, me, holder, leases, channels = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]

-- A seat: its node, the serial of its newest token, the lowest that is good, and the person.
local SEAT = '^([^\n]*)\n(%d+)\n(%d+)\n(.*)$'

-- Fields that are asked for by one command: Lua hands over no more than 8000 at once.
local AT_ONCE = 1000

-- Events of this step, encoded as RoomMessage reads them: a letter, then fields "length:bytes".
local events = {}

-- Whether anything happened through which somebody's turn may have come.
local is_due = false

-- Somebody who is certain to have a seat that this node may act for.
local seated_here

local function field(text)
  return #text .. ':' .. text
end

-- The events of most steps, A and F, are put together where they happen: that is faster.
local function tell(kind, ...)
  events[#events + 1] = kind
  for i = 1, select('#', ...) do
    events[#events + 1] = field((select(i, ...)))
  end
end

local function text_of(number)
  return string.format('%.0f', number)
end

local function add(list, ...)
  for i = 1, select('#', ...) do
    list[#list + 1] = (select(i, ...))
  end
end

-- The revision that a room begins with, in microseconds: revisions never go back though they are
-- forgotten when a room is empty.
local function clock()
  local now = redis.call('TIME')
  return now[1] * 1000000 + now[2]
end

local function current()
  return redis.call('GET', revision) or text_of(clock())
end

local function node_of(client)
  local member = redis.call('HGET', members, client)
  return member and string.match(member, '^[^\n]*')
end

local function holds_lease()
  return redis.call('HEXISTS', lease, holder) == 1
end

-- Whether the client has a seat that this node may act for.
local function is_seated(client)
  seated_here = holds_lease() and node_of(client) == me and client or nil
  return seated_here ~= nil
end

local alive = {}
local function is_alive(node)
  if alive[node] == nil then
    alive[node] = redis.call('EXISTS', leases .. node) == 1
  end
  return alive[node]
end

-- Whether the client's seat stands: its node's lease does.
local function stands(client)
  if client == seated_here then
    return true
  end
  local node = node_of(client)
  return node and is_alive(node)
end

-- How long the client's locks stand if nothing more is heard of its node, in ms.
local function remaining(client)
  local node = client == seated_here and me or node_of(client) or ''
  return text_of(math.max(0, redis.call('PTTL', leases .. node)))
end

-- Blocks that were not given back. A reason is a commit under the token that has not ended, or the
-- end of its lease. A mark and whatever is held of its block are always of the same grant.

-- One reason more or less; it is one less only if the mark is of that grant still.
local function mark(block, token, change)
  local marked, reasons = string.match(redis.call('HGET', marks, block) or '', '^(%d+) (%d+)$')
  if change < 0 and marked ~= token then
    return
  end
  reasons = (reasons or 0) + change
  if reasons > 0 then
    redis.call('HSET', marks, block, token .. ' ' .. text_of(reasons))
  else
    redis.call('HDEL', marks, block)
    is_due = true
  end
end

-- The line: false if nobody waits, nil until that was looked at.
local line
local open_line
local NOBODY = {}

local function line_of_room()
  if line == nil then
    line = redis.call('EXISTS', queue) == 1 and open_line()
  end
  return line
end

-- Those who wait for a block, first come first.
local function waiting_for(block)
  return line_of_room() and line.wanted_by[block] or NOBODY
end

local function read(block, hold)
  local owner, token, kind = string.match(hold, '^(%S+) (%d+)(.*)$')
  return { block = block, owner = owner, token = token, is_lock = kind == '' }
end

-- Who has a block.
local function hold_of(block)
  local hold = redis.call('HGET', locks, block)
  return hold and read(block, hold) or nil
end

-- Everything that is held.
local function all_holds()
  local all, holds = redis.call('HGETALL', locks), {}
  for i = 1, #all, 2 do
    add(holds, read(all[i], all[i + 1]))
  end
  return holds
end

local function hold(block, client, token, kind)
  if redis.call('HSET', locks, block, client .. ' ' .. token .. kind) == 1 then
    redis.call('HINCRBY', counts, client, 1)
  end
end

local function lock(block, client, token, reason)
  hold(block, client, token, '')
  is_due = true
  local waiting = tostring(#waiting_for(block))
  events[#events + 1] = string.format('A%d:%s%d:%s%d:%s%d:%s%d:%s',
    #block, block, #client, client, #token, token, #reason, reason, #waiting, waiting)
end

local function let_go(block, client)
  redis.call('HDEL', locks, block)
  is_due = true
  if redis.call('HINCRBY', counts, client, -1) <= 0 then
    redis.call('HDEL', counts, client)
  end
end

local function tell_free(block, reason)
  local waiting = tostring(#waiting_for(block))
  events[#events + 1] = string.format('F%d:%s%d:%s%d:%s',
    #block, block, #reason, reason, #waiting, waiting)
end

-- Ends a lock, which is given back or lost.
local function release(held, reason, is_lost)
  if is_lost then
    mark(held.block, held.token, 1)
  end
  let_go(held.block, held.owner)
  tell_free(held.block, reason)
end

-- Ends the seats of a node, or only that of one client: first its places in line, then its locks,
-- then itself. If the locks are not given back but lost, that is marked.
local function unseat(node, only, lock_reason, leave_reason, is_lost)
  local all = only and { only, redis.call('HGET', members, only) or '' }
    or redis.call('HGETALL', members)
  for i = 1, #all, 2 do
    local client = all[i]
    if string.match(all[i + 1], '^[^\n]*') == node then
      if line_of_room() then
        line.leave('client', { [client] = true })
      end
      local has_holds = redis.call('HEXISTS', counts, client) == 1
      for _, held in ipairs(has_holds and all_holds() or {}) do
        if held.owner == client then
          if is_lost then
            mark(held.block, held.token, 1)
          end
          let_go(held.block, client)
          if held.is_lock then
            tell_free(held.block, lock_reason)
          end
        end
      end
      redis.call('HDEL', members, client)
      redis.call('HDEL', presence, client)
      if redis.call('HINCRBY', nodes, node, -1) <= 0 then
        redis.call('HDEL', nodes, node)
      end
      seated_here = nil
      tell('L', client, leave_reason)
    end
  end
end

local function unseat_all_of(node, lock_reason)
  if string.sub(node, -1) == '~' then
    unseat(node, nil, 'DISCONNECTED', 'TIMEOUT', false)
  else
    unseat(node, nil, lock_reason, 'NODE_DOWN', true)
  end
  redis.call('HDEL', nodes, node)
end

-- Ends the seats of every node whose lease has ended.
local function bury_the_dead()
  for _, node in ipairs(redis.call('HKEYS', nodes)) do
    if not is_alive(node) then
      unseat_all_of(node, 'NODE_DOWN')
    end
  end
end

-- Locks as they are returned: block, owner, token and remaining ms of each.
local function add_locks(result, holds)
  for _, held in ipairs(holds) do
    add(result, held.block, held.owner, held.token, remaining(held.owner))
  end
  return result
end

-- Which run of Redis this is: of what an earlier one knew, the end may be lost.
local run
local function run_id()
  if not run then
    local said = redis.pcall('INFO', 'server')
    run = type(said) == 'string' and string.match(said, 'run_id:(%x+)') or 'unknown'
  end
  return run
end

local function has_tokens()
  local stock = redis.call('HMGET', tokens, 'next', 'last', 'run')
  return stock[1] and tonumber(stock[1]) <= tonumber(stock[2]) and stock[3] == run_id()
end

local function new_token()
  return text_of(redis.call('HINCRBY', tokens, 'next', 1) - 1)
end

-- What is missing before free blocks can be granted: {'TOKENS'}, or {'FENCE', block, token…}.
local function missing_for(free)
  if #free == 0 then
    return nil
  end
  if not has_tokens() then
    return { 'TOKENS' }
  end
  local fence = { 'FENCE' }
  for first = 1, #free, AT_ONCE do
    local last = math.min(first + AT_ONCE - 1, #free)
    local found = redis.call('HMGET', marks, unpack(free, first, last))
    for i = first, last do
      if found[i - first + 1] then
        add(fence, free[i], string.match(found[i - first + 1], '^%d+'))
      end
    end
  end
  return #fence > 1 and fence or nil
end

-- Makes blocks the client's, under one new token where they are not theirs yet.
local function grant(client, blocks, holds)
  local token
  for _, block in ipairs(blocks) do
    local held = holds[block]
    if not held then
      token = token or new_token()
      lock(block, client, token, 'ACQUIRED')
    elseif not held.is_lock then
      lock(block, client, held.token, 'ACQUIRED')
    end
  end
  return token
end

-- Reads the line: all waiters, and those who want a block, first come first.
open_line = function()
  local opened = { waiters = {}, wanted_by = {} }

  opened.add = function(entry)
    local ticket, client, asked, wanted =
      string.match(entry, '^([^\n]*)\n([^\n]*)\n([^\n]*)\n(.*)$')
    local waiter = { entry = entry, ticket = ticket, client = client, asked = asked, blocks = {} }
    for block in string.gmatch(wanted, '[^\n]+') do
      opened.wanted_by[block] = opened.wanted_by[block] or {}
      add(opened.wanted_by[block], waiter)
      add(waiter.blocks, block)
    end
    add(opened.waiters, waiter)
    return waiter
  end

  opened.remove = function(waiter)
    local function drop_from(list)
      for i, each in ipairs(list) do
        if each == waiter then
          return table.remove(list, i)
        end
      end
    end
    redis.call('LREM', queue, 1, waiter.entry)
    drop_from(opened.waiters)
    for _, block in ipairs(waiter.blocks) do
      drop_from(opened.wanted_by[block])
    end
    is_due = true
  end

  -- Ends the places of which something ('ticket' or 'client') is one of these.
  opened.leave = function(what, these)
    local leaving = {}
    for _, waiter in ipairs(opened.waiters) do
      if these[waiter[what]] then
        add(leaving, waiter)
      end
    end
    for _, waiter in ipairs(leaving) do
      opened.remove(waiter)
      tell('W', waiter.ticket)
    end
  end

  -- Grants the turns that have come. Returns what is missing for the first that is held up. Nobody
  -- gets past somebody who came earlier for the same block; hence one pass is enough.
  opened.advance = function()
    bury_the_dead()
    local claimed, missing = {}, nil

    -- Whether all blocks are the waiter's, or free for them; if so, who has them, and which are free.
    local function can_have_all(waiter)
      local holds, free = {}, {}
      for _, block in ipairs(waiter.blocks) do
        local held = hold_of(block)
        local is_own = held and held.owner == waiter.client
        if held and not is_own or claimed[block] and not (is_own and held.is_lock) then
          return false
        end
        holds[block] = held
        if not held then
          add(free, block)
        end
      end
      return true, holds, free
    end

    local i = 1
    while opened.waiters[i] do
      local waiter = opened.waiters[i]
      local is_turn, holds, free = can_have_all(waiter)
      local lack = is_turn and missing_for(free)
      if is_turn and not lack then
        opened.remove(waiter)
        tell('T', waiter.ticket)
        grant(waiter.client, waiter.blocks, holds)
      else
        if missing and lack and missing[1] == 'FENCE' and lack[1] == 'FENCE' then
          add(missing, unpack(lack, 2))
        else
          missing = missing or lack or nil
        end
        for _, block in ipairs(waiter.blocks) do
          claimed[block] = true
        end
        i = i + 1
      end
    end
    is_due = false
    return missing
  end

  for _, entry in ipairs(redis.call('LRANGE', queue, 0, -1)) do
    opened.add(entry)
  end
  return opened
end

-- Ends the step: the turns that have come, the next revision, and one message to each node with
-- seats, if anything happened.
local function announce()
  if is_due and line_of_room() then
    line.advance()
  end
  if #events == 0 then
    return current()
  end
  local step = redis.call('INCR', revision)
  if step == 1 then
    step = clock()
    redis.call('SET', revision, text_of(step))
  end
  step = text_of(step)
  local message = field(room) .. field(step) .. table.concat(events)
  events = {}
  for _, node in ipairs(redis.call('HKEYS', nodes)) do
    redis.call('PUBLISH', channels .. node, message)
  end
  if not seated_here and redis.call('EXISTS', members) == 0 then
    redis.call('DEL', locks, counts, nodes, revision, presence, marks, tokens, queue)
  end
  return step
end

-- Who has which of the blocks ARGV from … to; nothing of the dead is among it.
local function holds_of(from, to)
  local holds = {}
  for first = from, to, AT_ONCE do
    local last = math.min(first + AT_ONCE - 1, to)
    local found = redis.call('HMGET', locks, unpack(ARGV, first, last))
    for i = first, last do
      local held = found[i - first + 1] and read(ARGV[i], found[i - first + 1])
      if held and not stands(held.owner) then
        bury_the_dead()
        if line_of_room() then
          line.advance()
        end
        return holds_of(from, to)
      end
      holds[ARGV[i]] = held or nil
    end
  end
  return holds
end
