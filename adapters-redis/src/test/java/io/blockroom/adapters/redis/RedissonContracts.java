package io.blockroom.adapters.redis;

import static org.awaitility.Awaitility.await;

import io.blockroom.application.port.out.BlockLineContract;
import io.blockroom.application.port.out.BlockLocksContract;
import io.blockroom.application.port.out.Chores;
import io.blockroom.application.port.out.ChoresContract;
import io.blockroom.application.port.out.RoomBroadcastContract;
import io.blockroom.application.port.out.SeatsContract;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.LeaveReason;
import io.blockroom.domain.room.RoomId;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** The ports' contracts on real Redis; servers serve one test after the other until they die. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RedissonContracts
    implements SeatsContract,
        BlockLocksContract,
        BlockLineContract,
        RoomBroadcastContract,
        ChoresContract,
        TwoRedissonServers {
  private static final Duration LOCK_TTL = Duration.ofSeconds(2);

  private final RedisServers redis;
  private final RedissonServer here;
  private RedissonServer there;
  private int number;

  RedissonContracts(RedisServers redis) {
    this.redis = redis;
    here = new RedissonServer(redis, "here", LOCK_TTL);
    there = new RedissonServer(redis, "there", LOCK_TTL);
  }

  @BeforeEach
  void useAnotherRoom() {
    number++;
    if (there.isOver()) {
      there = new RedissonServer(redis, "there-" + number, LOCK_TTL);
    }
  }

  /** Rooms must not pile up: after a freeze each of them is a lost lease to be ended. */
  @AfterEach
  void leaveTheRoom() {
    for (Participant each : here.seats().look(room()).participants()) {
      here.seats().giveUp(room(), each.clientId(), LeaveReason.LEFT);
      if (!there.isOver()) {
        there.seats().giveUp(room(), each.clientId(), LeaveReason.LEFT);
      }
    }
  }

  @AfterAll
  void stop() {
    here.close();
    there.close();
    redis.close();
  }

  @Override
  public RedisServers redis() {
    return redis;
  }

  @Override
  public Duration lockTtl() {
    return LOCK_TTL;
  }

  @Override
  public RedissonServer here() {
    return here;
  }

  @Override
  public RedissonServer there() {
    return there;
  }

  @Override
  public void cutOff() {
    TwoRedissonServers.super.cutOff();
  }

  @Override
  public void reconnect() {
    redis.thaw();
    await().atMost(SOON).until(() -> here.isReachable() && there.isReachable());
  }

  @Override
  public String chore() {
    return "sweep-" + number;
  }

  @Override
  public Chores chores() {
    return here.chores();
  }

  @Override
  public Chores choresElsewhere() {
    return there.chores();
  }

  @Override
  public void crashElsewhere() {
    there.crash();
  }

  @Override
  public Duration crashIsForgottenWithin() {
    return crashIsToldWithin();
  }

  @Override
  public RoomId room() {
    return new RoomId("방-" + number);
  }
}
