package io.blockroom.architecture.planted.adapters.redis;

import org.redisson.api.RedissonClient;

/** Leaves the codec of a command in a batch open. */
public final class BatchInTheDefaultCodec {
  public Object ask(RedissonClient redis) {
    return redis.createBatch().getBucket("room");
  }
}
