-- Goes through the fields of a hash, with the command in an alias.
local call = redis.call
return call("hscan", KEYS[1], 0)
