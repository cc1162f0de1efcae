-- How many seats of living nodes are taken. Returns {number}.
local taken = 0
local all = redis.call('HGETALL', nodes)
for i = 1, #all, 2 do
  if is_alive(all[i]) then
    taken = taken + tonumber(all[i + 1])
  end
end
return { text_of(taken) }
