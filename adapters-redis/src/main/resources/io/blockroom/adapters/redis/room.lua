-- What every script of a room begins with.
--
-- KEYS  1 members  (hash: client id -> node, newline, colour, newline, nickname)
--       2 locks    (hash: block id -> client id)
--       3 counts   (hash: client id -> number of locks; no entry for none)
--       4 nodes    (hash: node id -> number of its seats)
--       5 revision (string)
--       6 seen     (hash: client id -> time of the last sign of life, in ms)
--       7 lease    of the calling node (a Redisson lock: a hash with one field, its holder)
-- ARGV  1 room, 2 calling node, 3 its holder name, 4 prefix of the leases, 5 prefix of the channels
--
-- The leases of other nodes are named by prefix; they lie in the room's slot like all its keys.

local members, locks, counts, nodes, revision, seen, lease =
  KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
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
  for _, node in ipairs(redis.call('HKEYS', nodes)) do
    redis.call('PUBLISH', channels .. node, message)
  end
  if redis.call('EXISTS', members) == 0 then
    redis.call('DEL', locks, counts, nodes, revision, seen)
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

local function release(block, client)
  redis.call('HDEL', locks, block)
  if redis.call('HINCRBY', counts, client, -1) <= 0 then
    redis.call('HDEL', counts, client)
  end
  tell('F', block)
end

-- Ends a seat: first its locks, then itself.
local function unseat(client, node)
  if redis.call('HEXISTS', counts, client) == 1 then
    local all = redis.call('HGETALL', locks)
    for i = 1, #all, 2 do
      if all[i + 1] == client then
        release(all[i], client)
      end
    end
  end
  redis.call('HDEL', members, client)
  redis.call('HDEL', seen, client)
  if redis.call('HINCRBY', nodes, node, -1) <= 0 then
    redis.call('HDEL', nodes, node)
  end
  tell('L', client)
end

local function unseat_all_of(node)
  local all = redis.call('HGETALL', members)
  for i = 1, #all, 2 do
    if string.match(all[i + 1], '^[^\n]*') == node then
      unseat(all[i], node)
    end
  end
  redis.call('HDEL', nodes, node)
end

-- Ends the seats of every node whose lease has ended.
local function bury_the_dead()
  for _, node in ipairs(redis.call('HKEYS', nodes)) do
    if not is_alive(node) then
      unseat_all_of(node)
    end
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
      result[#result + 1] = all[i]
      result[#result + 1] = all[i + 1]
    end
  end
  result[2] = text_of((#result - 2) / 2)
  all = redis.call('HGETALL', locks)
  for i = 1, #all, 2 do
    if standing[all[i + 1]] then
      result[#result + 1] = all[i]
      result[#result + 1] = all[i + 1]
    end
  end
  return result
end
