package io.blockroom.architecture.planted.adapters.redis;

import java.util.function.Function;
import org.redisson.api.RTopic;
import org.redisson.api.RedissonClient;

/** Leaves the codec of a channel open, by reference. */
public final class TopicInTheDefaultCodec {
  public Function<String, RTopic> ask(RedissonClient redis) {
    return redis::getTopic;
  }
}
