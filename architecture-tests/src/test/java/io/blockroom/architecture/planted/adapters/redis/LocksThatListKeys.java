package io.blockroom.architecture.planted.adapters.redis;

import org.redisson.api.RedissonClient;

/** Goes through all keys. */
public final class LocksThatListKeys {
  public Object ask(RedissonClient redis) {
    return redis.getKeys().count();
  }
}
