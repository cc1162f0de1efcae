-- Notes that grants are barred, and all before them. ARGV 6…: block and token of each
for i = 6, #ARGV, 2 do
  local token = mark_of(ARGV[i])
  if token and tonumber(token) <= tonumber(ARGV[i + 1]) then
    redis.call('HDEL', marks, ARGV[i])
  end
end
return { 'DONE' }
