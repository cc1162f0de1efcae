package io.blockroom.architecture.planted.adapters.redis;

import io.blockroom.architecture.planted.application.port.out.Locks;
import org.redisson.api.RedissonClient;
import org.redisson.api.options.PlainOptions;
import org.redisson.client.codec.StringCodec;

/** Says its codec wherever there is one to say. */
public final class RedissonLocks implements Locks {
  private final RedissonClient redis;

  public RedissonLocks(RedissonClient redis) {
    this.redis = redis;
  }

  @Override
  public boolean take(String block) {
    redis.getScript(StringCodec.INSTANCE);
    redis.getBucket(PlainOptions.name(block).codec(StringCodec.INSTANCE));
    return redis.getLock(block).isLocked()
        && redis.getMap(block, StringCodec.INSTANCE).keySet().isEmpty();
  }
}
