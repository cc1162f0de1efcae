package io.blockroom.adapters.redis;

import io.blockroom.application.port.out.BlockLocksContract;
import io.blockroom.application.port.out.RoomBroadcastContract;
import io.blockroom.application.port.out.SeatsContract;
import io.blockroom.domain.room.RoomId;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;

/** The ports' contracts on a real Redis. */
class RedissonCoordinationContractTest
    implements SeatsContract, BlockLocksContract, RoomBroadcastContract {
  private static final Duration LOCK_TTL = Duration.ofSeconds(2);
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final RedisProcess REDIS = RedisProcess.start();

  private final int number = COUNT.incrementAndGet();
  private final RedissonServer here = new RedissonServer(REDIS, "here-" + number, LOCK_TTL);
  private final RedissonServer there = new RedissonServer(REDIS, "there-" + number, LOCK_TTL);

  @AfterAll
  static void stop() {
    REDIS.close();
  }

  @AfterEach
  void disconnect() {
    here.close();
    there.close();
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
    there.crash();
  }

  @Override
  public Duration crashIsToldWithin() {
    return LOCK_TTL.plusSeconds(2);
  }

  @Override
  public void cutOff() {
    REDIS.freeze();
  }

  @Override
  public void reconnect() {
    REDIS.thaw();
  }

  @Override
  public RoomId room() {
    return new RoomId("방-" + number);
  }
}
