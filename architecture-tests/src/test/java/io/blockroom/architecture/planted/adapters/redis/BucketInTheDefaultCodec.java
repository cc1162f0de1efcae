package io.blockroom.architecture.planted.adapters.redis;

import org.redisson.api.RedissonClient;

/** Leaves the codec of a value open. */
public final class BucketInTheDefaultCodec {
  public Object ask(RedissonClient redis) {
    return redis.getBucket("room");
  }
}
