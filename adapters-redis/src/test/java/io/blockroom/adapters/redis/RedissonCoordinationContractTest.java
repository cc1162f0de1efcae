package io.blockroom.adapters.redis;

import io.blockroom.application.port.out.BlockLocksContract;
import io.blockroom.application.port.out.RoomBroadcastContract;
import io.blockroom.application.port.out.SeatsContract;
import io.blockroom.domain.room.RoomId;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** The ports' contracts on a real Redis. */
class RedissonCoordinationContractTest
    implements SeatsContract, BlockLocksContract, RoomBroadcastContract {
  private static final Duration LOCK_TTL = Duration.ofSeconds(2);
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static RedisProcess redis;

  private final int number = COUNT.incrementAndGet();
  private final RedissonServer here = new RedissonServer(redis, "here-" + number, LOCK_TTL);
  private final RedissonServer there = new RedissonServer(redis, "there-" + number, LOCK_TTL);
  private boolean isThereCrashed;

  @BeforeAll
  static void start() {
    redis = RedisProcess.start();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @AfterEach
  void disconnect() {
    here.close();
    if (!isThereCrashed) {
      there.close();
    }
  }

  @Override
  public Server here() {
    return here;
  }

  @Override
  public Server there() {
    return there;
  }

  @Override
  public void crashThere() {
    isThereCrashed = true;
    there.crash();
  }

  @Override
  public Duration crashIsToldWithin() {
    return LOCK_TTL.plusSeconds(2);
  }

  @Override
  public void cutOff() {
    redis.freeze();
  }

  @Override
  public void reconnect() {
    redis.thaw();
  }

  @Override
  public RoomId room() {
    return new RoomId("방-" + number);
  }
}
