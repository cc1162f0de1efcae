-- Keeps and tells what participants of the calling node are doing.
-- ARGV 6…: client id and presence of each
local news = {}
for i = 6, #ARGV, 2 do
  if is_seated(ARGV[i]) then
    redis.call('HSET', presence, ARGV[i], ARGV[i + 1])
    add(news, field(ARGV[i]), field(ARGV[i + 1]))
  end
end
local message = field(room) .. field('') .. table.concat(news)
for _, node in ipairs(#news > 0 and redis.call('HKEYS', nodes) or {}) do
  redis.call('PUBLISH', channels .. node, message)
end
return { 'DONE' }
