package io.blockroom.architecture.planted.adapters.redis;

import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/** Goes through the fields of a map by pattern. */
public final class LocksThatFilterFields {
  public Object ask(RedissonClient redis) {
    return redis.getMap("room", StringCodec.INSTANCE).keySet("a*");
  }
}
