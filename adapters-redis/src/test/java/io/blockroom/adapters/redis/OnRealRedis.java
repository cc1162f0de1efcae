package io.blockroom.adapters.redis;

import java.time.Duration;

/** Two servers on a Redis of one process that is theirs alone, for the length of a test. */
abstract class OnRealRedis extends OnRedisServers<RedisProcess> {
  static final Duration LOCK_TTL = Duration.ofSeconds(2);

  OnRealRedis() {
    super(RedisProcess.start(), LOCK_TTL);
  }
}
