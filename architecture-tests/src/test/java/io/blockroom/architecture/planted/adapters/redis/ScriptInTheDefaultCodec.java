package io.blockroom.architecture.planted.adapters.redis;

import org.redisson.api.RedissonClient;

/** Leaves the codec of a script open. */
public final class ScriptInTheDefaultCodec {
  public Object ask(RedissonClient redis) {
    return redis.getScript();
  }
}
