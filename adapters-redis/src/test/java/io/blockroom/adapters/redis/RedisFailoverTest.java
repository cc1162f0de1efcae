package io.blockroom.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.blockroom.application.port.out.BlockLocks.LockOutcome;
import io.blockroom.application.port.out.BlockLocks.Unprepared.NeedsTokens;
import io.blockroom.application.port.out.TwoServers;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.RoomView;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The master of a Redis that sentinels watch dies, and its replica takes its place. */
class RedisFailoverTest extends OnRedisServers<RedisSentinelProcesses> {
  private static final Duration PATIENT_TTL = Duration.ofSeconds(10);

  RedisFailoverTest() {
    super(new RedisSentinelProcesses(), PATIENT_TTL);
  }

  @Test
  void after_a_failover_locks_stand_or_are_told_lost_and_tokens_grow() {
    seat(here, ADA);
    seat(there, BOB);
    FencingToken former = TwoServers.token(hold200Locks(), new BlockId("b0"));
    RoomView before = there.seats().look(ROOM);
    await()
        .atMost(SOON)
        .until(() -> redis.replica().ask("HLEN blockroom:{" + ROOM + "}:locks").contains("200"));

    redis.master().kill();
    assertRefusedSoon(() -> ask(there, BOB, LOOP));
    awaitAnswers(PATIENT_TTL.plusSeconds(5));

    RoomView after = there.seats().look(ROOM);
    Map<BlockId, ClientId> locks = TwoServers.owners(after);
    if (locks.isEmpty()) {
      await().atMost(SOON).until(() -> here.heard().timesLost(ROOM) == 1);
      seat(there, CAT);
    } else {
      assertThat(locks).isEqualTo(TwoServers.owners(before));
      assertThat(ask(there, BOB, new BlockId("b7"))).isInstanceOf(LockOutcome.Denied.class);
      assertThat(here.heard().timesLost(ROOM)).isZero();
    }
    assertThat(ask(there, BOB, LOOP)).isInstanceOf(NeedsTokens.class);
    there.locks().stock(ROOM, TwoServers.draw());
    RoomView restocked = there.seats().look(ROOM);
    assertThat(restocked.revision()).isGreaterThan(before.revision());
    assertThat(restocked.locks().values()).allMatch(grant -> former.isOlderThan(grant.token()));
    LockOutcome.Granted bobs = lock(there, BOB, LOOP);
    assertThat(former.isOlderThan(TwoServers.token(bobs, LOOP))).isTrue();
    assertBothHear(BOB);
  }

  private LockOutcome.Granted hold200Locks() {
    Set<BlockId> blocks =
        IntStream.range(0, 200)
            .mapToObj(n -> new BlockId("b" + n))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    return (LockOutcome.Granted)
        here.locks().acquire(ROOM, ADA.clientId(), new LockRequest(new BlockId("b0"), blocks));
  }
}
