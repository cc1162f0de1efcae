package io.blockroom.architecture.planted.adapters.redis;

import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/** Subscribes by pattern. */
public final class LocksThatListenByPattern {
  public Object ask(RedissonClient redis) {
    return redis.getPatternTopic("room:*", StringCodec.INSTANCE);
  }
}
