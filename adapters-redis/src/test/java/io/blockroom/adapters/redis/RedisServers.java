package io.blockroom.adapters.redis;

import io.blockroom.adapters.redis.RedisSettings.Topology;
import java.time.Duration;

/** The processes that make up a Redis. */
interface RedisServers extends AutoCloseable {
  Topology topology();

  /** How long they have kept processors busy. */
  Duration processorTime();

  /** All stay connected and none answers. */
  void freeze();

  /** All go on. */
  void thaw();

  @Override
  void close();
}
