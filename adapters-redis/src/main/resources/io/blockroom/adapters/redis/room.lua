-- What every script of a room begins with.
--
-- KEYS  1 members  (hash: client id -> node, newline, colour, newline, nickname)
--       2 locks    (hash: block id -> client id, blank, token; then blank, 'R' if it is not locked but
--                   reserved for a commit)
--       3 counts   (hash: client id -> number of its entries in locks; none for none)
--       4 nodes    (hash: node id -> number of its seats)
--       5 revision (string)
--       6 seen     (hash: client id -> time of the last sign of life, in ms)
--       7 marks    (hash: block id that was not given back -> token, blank, number of reasons)
--       8 tokens   (hash: first, last and next token, run: of Redis when it was given them)
--       9 lease    of the calling node (a Redisson lock: a hash with one field, its holder)
-- ARGV  1 room, 2 calling node, 3 its holder name, 4 prefix of the leases, 5 prefix of the channels
--
-- The leases of other nodes are named by prefix; they lie in the room's slot like all its keys.
-- Tokens are below 2^53: Lua's numbers hold them exactly.

local members, locks, counts, nodes, revision, seen, marks, tokens, lease =
  KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[8], KEYS[9]
local room, me, holder, leases, channels = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]

-- Events of this step, encoded as RoomMessage reads them: a letter, then fields "length:bytes".
local events = {}

local function field(text)
  return #text .. ':' .. text
end

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

-- Ends the step: the next revision, and one message to each node with seats, if anything happened.
local function announce()
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
  if redis.call('EXISTS', members) == 0 then
    redis.call('DEL', locks, counts, nodes, revision, seen, marks, tokens)
  end
  return step
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
  return holds_lease() and node_of(client) == me
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
  local node = node_of(client)
  return node and is_alive(node)
end

-- How long the client's locks stand if nothing more is heard of its node, in ms.
local function remaining(client)
  return text_of(math.max(0, redis.call('PTTL', leases .. (node_of(client) or ''))))
end

-- Blocks that were not given back. A reason is a commit under the token that has not ended, or the
-- end of its lease. A mark and whatever is held of its block are always of the same grant.

local function mark_of(block)
  local mark = redis.call('HGET', marks, block)
  if mark then
    return string.match(mark, '^(%d+) (%d+)$')
  end
end

local function set_mark(block, token, reasons)
  redis.call('HSET', marks, block, token .. ' ' .. text_of(reasons))
end

local function mark(block, token)
  local _, reasons = mark_of(block)
  set_mark(block, token, (reasons or 0) + 1)
end

-- One reason less, if the mark is of that grant still.
local function unmark(block, token)
  local marked, reasons = mark_of(block)
  if marked == token then
    if tonumber(reasons) > 1 then
      set_mark(block, token, reasons - 1)
    else
      redis.call('HDEL', marks, block)
    end
  end
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

local function lock(block, client, token)
  hold(block, client, token, '')
  tell('A', block, client, token)
end

local function let_go(block, client)
  redis.call('HDEL', locks, block)
  if redis.call('HINCRBY', counts, client, -1) <= 0 then
    redis.call('HDEL', counts, client)
  end
end

local function release(block, client, reason)
  let_go(block, client)
  tell('F', block, reason)
end

-- Ends a seat: first its locks, then itself. If they are not given back but lost, that is marked.
local function unseat(client, node, lock_reason, leave_reason, is_lost)
  if redis.call('HEXISTS', counts, client) == 1 then
    for _, held in ipairs(all_holds()) do
      if held.owner == client then
        if is_lost then
          mark(held.block, held.token)
        end
        if held.is_lock then
          release(held.block, client, lock_reason)
        else
          let_go(held.block, client)
        end
      end
    end
  end
  redis.call('HDEL', members, client)
  redis.call('HDEL', seen, client)
  if redis.call('HINCRBY', nodes, node, -1) <= 0 then
    redis.call('HDEL', nodes, node)
  end
  tell('L', client, leave_reason)
end

local function unseat_all_of(node, lock_reason)
  local all = redis.call('HGETALL', members)
  for i = 1, #all, 2 do
    if string.match(all[i + 1], '^[^\n]*') == node then
      unseat(all[i], node, lock_reason, 'NODE_DOWN', true)
    end
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

-- Who has which of the blocks ARGV from … to; nothing of the dead is among it.
local function holds_of(from, to)
  local holds, is_buried = {}, false
  for i = from, to do
    local held = hold_of(ARGV[i])
    if held and not is_buried and not stands(held.owner) then
      bury_the_dead()
      is_buried = true
      held = hold_of(ARGV[i])
    end
    holds[ARGV[i]] = held
  end
  if is_buried then
    for block in pairs(holds) do
      holds[block] = hold_of(block)
    end
  end
  return holds
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
  for _, block in ipairs(free) do
    local token = mark_of(block)
    if token then
      add(fence, block, token)
    end
  end
  return #fence > 1 and fence or nil
end

-- Frees what was reserved for a commit of the author, if it is still; under whatever token if none
-- is given.
local function end_reservation(block, author, token)
  local held = hold_of(block)
  if held and not held.is_lock and held.owner == author and (not token or held.token == token) then
    let_go(block, author)
  end
end

-- The room as it is: revision, number of members, members, locks; without what hangs on dead nodes.
local function view(step)
  local result = { step, '0' }
  local standing = {}
  local all = redis.call('HGETALL', members)
  for i = 1, #all, 2 do
    if is_alive(string.match(all[i + 1], '^[^\n]*')) then
      standing[all[i]] = true
      add(result, all[i], all[i + 1])
    end
  end
  result[2] = text_of((#result - 2) / 2)
  for _, held in ipairs(all_holds()) do
    if held.is_lock and standing[held.owner] then
      add(result, held.block, held.owner, held.token)
    end
  end
  return result
end
