package io.blockroom.architecture.planted.adapters.redis;

import org.redisson.api.RedissonClient;
import org.redisson.api.options.PlainOptions;

/** Leaves the codec open in options. */
public final class OptionsWithoutACodec {
  public Object ask(RedissonClient redis) {
    return redis.getBucket(PlainOptions.name("room"));
  }
}
