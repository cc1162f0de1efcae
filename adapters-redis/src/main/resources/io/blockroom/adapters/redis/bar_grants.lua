-- Notes that grants are barred, and all before them. ARGV 6…: block and token of each
for i = 6, #ARGV, 2 do
  local token = string.match(redis.call('HGET', marks, ARGV[i]) or '', '^%d+')
  if token and tonumber(token) <= tonumber(ARGV[i + 1]) then
    redis.call('HDEL', marks, ARGV[i])
    is_due = true
    -- Whoever has the block still must be able to commit on it.
    local held = hold_of(ARGV[i])
    if held and held.is_lock and tonumber(held.token) <= tonumber(ARGV[i + 1]) and has_tokens() then
      lock(held.block, held.owner, new_token(), 'ACQUIRED')
    end
  end
end
announce()
return { 'DONE' }
