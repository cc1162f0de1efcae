package io.blockroom.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.blockroom.application.port.out.AtOnce;
import io.blockroom.application.port.out.BlockLocks.LockOutcome;
import io.blockroom.application.port.out.BlockLocks.Unprepared.NeedsTokens;
import io.blockroom.application.port.out.Seats.SeatOutcome;
import io.blockroom.application.port.out.TwoServers;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.lock.TokenRange;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.LeaveReason;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Redis forgets, dies or falls silent under two servers. */
class RedisOutageTest extends OnRealRedis {
  private static final RoomId OTHER = new RoomId("other");

  @Test
  @DisplayName("C05 what a flushed Redis forgot is told lost once, and the rooms go on at once")
  void what_a_flushed_redis_forgot_is_told_lost_once() {
    seat(here, ADA);
    seat(there, BOB);
    lock(there, BOB, INTRO);
    here.seats().take(OTHER, CAT, 10);
    RoomView before = here.seats().look(ROOM);

    assertThat(redis.ask("FLUSHALL")).startsWith("+OK");

    assertForgottenIsToldAndRoomsGoOn(before);
  }

  @Test
  @DisplayName("C05 what a Redis that came back empty forgot is told lost once")
  void what_a_redis_that_came_back_empty_forgot_is_told_lost_once() {
    seat(here, ADA);
    seat(there, BOB);
    lock(there, BOB, INTRO);
    here.seats().take(OTHER, CAT, 10);
    RoomView before = here.seats().look(ROOM);

    redis.kill();
    redis.restartEmpty();
    awaitAnswers(SOON);

    assertForgottenIsToldAndRoomsGoOn(before);
  }

  private void assertForgottenIsToldAndRoomsGoOn(RoomView before) {
    Participant dan = TwoServers.participant("dan-4", "Dan");
    TokenRange late = TwoServers.draw();
    SeatOutcome.Taken taken = sit(here, dan);
    assertThat(taken.hasTokens()).isFalse();
    here.locks().stock(ROOM, TwoServers.draw());
    there.locks().stock(ROOM, late);
    assertThat(TwoServers.token(lock(here, dan, LOOP), LOOP)).isGreaterThan(late.last());
    RoomView after = taken.view();
    assertThat(after.participants()).hasSize(1);
    assertThat(after.locks()).isEmpty();
    assertThat(after.revision()).isGreaterThan(before.revision());
    await()
        .atMost(LOCK_TTL.plusSeconds(1))
        .untilAsserted(() -> {
          assertThat(here.heard().timesLost(ROOM)).isEqualTo(1);
          assertThat(here.heard().timesLost(OTHER)).isEqualTo(1);
          assertThat(there.heard().timesLost(ROOM)).isEqualTo(1);
        });
    assertThat(ask(there, BOB, INTRO)).isInstanceOf(LockOutcome.SeatLost.class);
    await().atMost(LOCK_TTL).until(() -> redis.ask("SMEMBERS blockroom:nodes").contains("there"));
    seat(there, TwoServers.participant("eve-5", "Eve"));

    there.crash();

    here.heard()
        .awaitAtEnd(
            ROOM,
            crashIsToldWithin(),
            TwoServers.left(TwoServers.participant("eve-5", "Eve"), LeaveReason.NODE_DOWN));
    assertThat(here.heard().timesLost(ROOM)).isEqualTo(1);
    assertThat(here.heard().timesLost(OTHER)).isEqualTo(1);
  }

  @Test
  @DisplayName(
      "C04 a Redis that is killed and comes back with its file keeps 200 locks, under new tokens")
  void a_redis_that_is_killed_and_comes_back_with_its_file_keeps_the_locks() {
    RedissonServer patient = serve("patient", Duration.ofSeconds(10));
    RedissonServer other = serve("other", Duration.ofSeconds(10));
    seat(patient, ADA);
    seat(other, BOB);
    Set<BlockId> blocks =
        IntStream.range(0, 200)
            .mapToObj(n -> new BlockId("b" + n))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    patient.locks().acquire(ROOM, ADA.clientId(), new LockRequest(new BlockId("b0"), blocks));
    RoomView before = patient.seats().look(ROOM);

    redis.kill();
    assertRefusedSoon(() -> patient.seats().look(ROOM));
    assertRefusedSoon(() -> ask(patient, ADA, LOOP));
    redis.restart();
    awaitAnswers(SOON);

    Map<BlockId, ClientId> locks = TwoServers.owners(other.seats().look(ROOM));
    assertThat(locks).hasSize(200).containsEntry(new BlockId("b199"), ADA.clientId());
    assertThat(ask(other, BOB, new BlockId("b7"))).isInstanceOf(LockOutcome.Denied.class);
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(() -> {
          announce(patient, TwoServers.edit(ADA));
          assertThat(patient.heard().eventsOf(ROOM)).contains(TwoServers.edit(ADA));
          assertThat(other.heard().eventsOf(ROOM)).contains(TwoServers.edit(ADA));
        });
    assertThat(patient.heard().timesLost(ROOM)).isZero();
    assertThat(ask(other, BOB, LOOP)).isInstanceOf(NeedsTokens.class);
    assertThat(claim(patient, ADA, LOOP)).isInstanceOf(NeedsTokens.class);
    assertThat(sit(other, CAT).hasTokens()).isFalse();

    TokenRange range = TwoServers.draw();
    other.locks().stock(ROOM, range);

    RoomView after = patient.seats().look(ROOM);
    assertThat(after.revision()).isGreaterThan(before.revision());
    assertThat(TwoServers.owners(after)).isEqualTo(TwoServers.owners(before));
    assertThat(after.locks().values()).noneMatch(grant -> grant.token().isOlderThan(range.first()));
    for (RedissonServer server : List.of(patient, other)) {
      await()
          .atMost(SOON)
          .untilAsserted(() ->
              assertThat(server.heard().changesOf(ROOM).getLast().events())
                  .containsExactlyInAnyOrderElementsOf(
                      after.locks().entrySet().stream()
                          .map(lock ->
                              new RoomEvent.BlockLocked(
                                  lock.getKey(), lock.getValue().owner(), lock.getValue().token()))
                          .toList()));
    }
    lock(other, BOB, LOOP);
  }

  @Test
  void no_revision_is_given_twice_though_a_restart_lost_the_last_changes() {
    RedissonServer patient = serve("patient", Duration.ofSeconds(10));
    seat(patient, ADA);
    RoomView before = patient.seats().look(ROOM);
    redis.ask("DECRBY blockroom:{" + ROOM + "}:revision 50");
    redis.kill();
    redis.restart();
    awaitAnswers(SOON);

    patient.locks().stock(ROOM, TwoServers.draw());

    assertThat(patient.seats().look(ROOM).revision()).isGreaterThan(before.revision());
  }

  @Test
  void a_redis_that_does_not_say_which_run_it_is_grants_all_the_same() {
    seat(here, ADA);
    redis.ask("ACL SETUSER default -info");

    assertThat(ask(here, ADA, INTRO)).isInstanceOf(NeedsTokens.class);
    here.locks().stock(ROOM, TwoServers.draw());

    lock(here, ADA, INTRO);
    reserve(here, ADA, INTRO, LOOP);
  }

  @Test
  @DisplayName("C06 200 callers of a frozen Redis are refused; never are there two owners")
  void callers_of_a_frozen_redis_are_refused_and_never_are_there_two_owners() {
    seat(here, ADA);
    seat(there, BOB);
    lock(here, ADA, INTRO);

    redis.freeze();
    try {
      // Two rounds of two seconds at least: longer than the locks live.
      for (int round = 0; round < 2; round++) {
        AtOnce.call(200, this::refusal);
      }
    } finally {
      redis.thaw();
    }

    awaitAnswers(SOON);
    await()
        .atMost(SOON)
        .until(() ->
            here.heard().timesLost(ROOM) == 1
                || here.seats().look(ROOM).participants().contains(ADA));
    seat(there, CAT);
    LockOutcome outcome = askPrepared(there, CAT, INTRO);
    boolean stands = ask(here, ADA, INTRO) instanceof LockOutcome.Granted;
    assertThat(outcome instanceof LockOutcome.Granted).isNotEqualTo(stands);
    assertThat(TwoServers.owners(here.seats().look(ROOM)).get(INTRO))
        .isEqualTo(stands ? ADA.clientId() : CAT.clientId());
    assertThat(here.heard().timesLost(ROOM)).isEqualTo(stands ? 0 : 1);
  }

  private boolean refusal(int caller) {
    RoomId own = new RoomId("room-" + caller % 3);
    assertRefusedSoon(() -> {
      switch (caller % 8) {
        case 0 -> here.seats().take(own, CAT, 10);
        case 1 -> here.seats().giveUp(ROOM, ADA.clientId(), LeaveReason.LEFT);
        case 2 -> here.seats().look(ROOM);
        case 3 -> here.seats().taken(ROOM);
        case 4 -> here.locks().endIdle(ROOM, ADA.clientId());
        case 5 -> ask(here, ADA, LOOP);
        case 6 -> claim(here, ADA, INTRO);
        default -> announce(here, TwoServers.edit(ADA));
      }
    });
    return true;
  }

  @Test
  void a_server_ends_within_two_seconds_though_redis_is_dead_and_leaves_no_thread() {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    RedissonServer leaving = serve("leaving", LOCK_TTL);
    leaving.seats().take(OTHER, CAT, 10);
    redis.kill();

    long began = System.nanoTime();
    leaving.close();

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> !before.contains(thread) && isOfRedis(thread))
                .isEmpty());
    assertRefusedSoon(() -> leaving.seats().look(ROOM));
    assertRefusedSoon(() -> leaving.seats().take(ROOM, CAT, 10));
  }

  private static boolean isOfRedis(Thread thread) {
    return List.of("redisson", "node-life").stream().anyMatch(thread.getName()::startsWith);
  }
}
