package io.blockroom.adapters.redis;

import io.blockroom.application.port.out.TwoServers;
import java.time.Duration;

/** Two servers on real Redis, whose clock nobody moves. */
interface TwoRedissonServers extends TwoServers {
  RedisServers redis();

  Duration lockTtl();

  @Override
  RedissonServer here();

  @Override
  RedissonServer there();

  @Override
  default void graceIsOver() {
    // It is over by itself, on the clock of Redis.
  }

  @Override
  default void crashThere() {
    there().crash();
  }

  @Override
  default Duration crashIsToldWithin() {
    return lockTtl().plusSeconds(4); // two of them for a machine that does much else
  }

  @Override
  default void cutOff() {
    redis().freeze();
  }

  @Override
  default void reconnect() {
    redis().thaw();
  }
}
