package io.blockroom.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.blockroom.application.port.out.AtOnce;
import io.blockroom.application.port.out.BlockLocks.LockOutcome;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.TwoServers;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.LeaveReason;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomId;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Redis is there and serves others, but nothing comes through from one server and back. */
class SilentRedisTest extends OnRealRedis {
  private static final Duration TTL = Duration.ofSeconds(10);
  private static final BlockId BLOCK = new BlockId("b");
  private static final List<RoomId> ROOMS =
      IntStream.range(0, 50).mapToObj(n -> new RoomId("room-" + n)).toList();

  private final RedisLine line = new RedisLine(redis);
  private final RedissonServer far = serve(line.address(), "far", TTL);

  @AfterEach
  void endLine() {
    line.close();
  }

  @Test
  void five_seconds_of_silence_cost_no_lock_then_or_later() {
    ROOMS.forEach(room -> lockFarAway(room, ADA));

    line.fallSilent();
    awaitAge(Duration.ofSeconds(5));
    line.speakAgain();

    await()
        .during(TTL.plusSeconds(1))
        .atMost(TTL.multipliedBy(2))
        .pollInterval(Duration.ofMillis(500))
        .until(() -> ROOMS.stream().allMatch(room -> isLockedBy(ADA, room)));
    assertThat(ROOMS)
        .allMatch(room -> far.heard().timesLost(room) == 0)
        .allMatch(room -> far.heard().timesOutOfTouch(room) == 0);
  }

  @Test
  @DisplayName("C06 in ten seconds of silence all are refused, no lock has two owners, all returns")
  void in_ten_seconds_of_silence_all_are_refused_and_all_returns() {
    ROOMS.forEach(room -> {
      lockFarAway(room, ADA);
      here.seats().take(room, BOB, 10);
    });

    long began = System.nanoTime();
    line.fallSilent();
    while (age(began).compareTo(Duration.ofSeconds(10)) < 0) {
      AtOnce.call(40, this::refusal);
    }
    // The leases last ten seconds from their last renewal, which was a little before.
    assertThat(ROOMS).allMatch(room -> far.heard().timesOutOfTouch(room) == 1);
    line.speakAgain();
    long returned = System.nanoTime();

    assertThat(AtOnce.call(ROOMS.size(), this::newcomerLocks)).doesNotContain(false);
    assertThat(age(returned)).isLessThan(Duration.ofSeconds(5));
    await()
        .atMost(SOON)
        .until(() -> ROOMS.stream().allMatch(room -> far.heard().timesLost(room) == 1));
    assertThat(ROOMS).allMatch(room -> far.heard().timesOutOfTouch(room) == 1);
  }

  @Test
  @DisplayName("C08 what a server that is cut off held ends elsewhere, after it was told itself")
  void what_a_server_that_is_cut_off_held_ends_elsewhere_after_it_was_told_itself() {
    ROOMS.forEach(room -> {
      lockFarAway(room, ADA);
      here.seats().take(room, BOB, 10);
    });

    RoomEvent left = TwoServers.left(ADA, LeaveReason.NODE_DOWN);
    long began = System.nanoTime();
    line.fallSilent();
    await()
        .atMost(TTL)
        .until(() -> ROOMS.stream().allMatch(room -> far.heard().timesOutOfTouch(room) == 1));
    assertThat(age(began)).isGreaterThan(Duration.ofSeconds(6));
    assertThat(ROOMS).allMatch(room -> isLockedBy(ADA, room));

    await()
        .atMost(TTL.plusSeconds(2).minus(age(began)))
        .until(() -> ROOMS.stream().allMatch(room -> lastEvent(room).equals(left)));
  }

  private RoomEvent lastEvent(RoomId room) {
    return here.heard().eventsOf(room).getLast();
  }

  private boolean refusal(int caller) {
    RoomId room = ROOMS.get(caller);
    assertRefusedSoon(() -> {
      switch (caller % 4) {
        case 0 -> far.seats().take(room, CAT, 10);
        case 1 -> far.seats().look(room);
        case 2 -> far.locks().acquire(room, ADA.clientId(), LockRequest.of(LOOP, List.of()));
        default -> far.broadcast().tell(room, TwoServers.edit(ADA));
      }
    });
    return true;
  }

  private boolean newcomerLocks(int number) {
    RoomId room = ROOMS.get(number);
    Participant newcomer = TwoServers.participant("newcomer-" + number, "Newcomer");
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptionsInstanceOf(CoordinationUnavailable.class)
        .until(() -> lockFarAway(room, newcomer) instanceof LockOutcome.Granted);
    return isLockedBy(newcomer, room);
  }

  private LockOutcome lockFarAway(RoomId room, Participant asker) {
    far.seats().take(room, asker, 10);
    far.locks().stock(room, TwoServers.draw());
    return far.locks().acquire(room, asker.clientId(), LockRequest.of(BLOCK, List.of()));
  }

  private boolean isLockedBy(Participant owner, RoomId room) {
    return owner.clientId().equals(TwoServers.owners(here.seats().look(room)).get(BLOCK));
  }

  private static void awaitAge(Duration age) {
    long began = System.nanoTime();
    await().atMost(age.multipliedBy(2)).until(() -> age(began).compareTo(age) >= 0);
  }

  private static Duration age(long since) {
    return Duration.ofNanos(System.nanoTime() - since);
  }
}
