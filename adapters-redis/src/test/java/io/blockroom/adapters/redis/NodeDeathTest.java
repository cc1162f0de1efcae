package io.blockroom.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.blockroom.application.port.out.BlockLocks.LockOutcome;
import io.blockroom.application.port.out.BlockLocks.Unprepared.NeedsFence;
import io.blockroom.application.port.out.TwoServers;
import io.blockroom.domain.lock.ReleaseReason;
import io.blockroom.domain.room.LeaveReason;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A server dies: what was its, ends, and only then. */
class NodeDeathTest extends OnRealRedis {
  @Test
  @DisplayName("C02 the locks of a killed server are free and everybody is told, once, in order")
  void the_locks_of_a_killed_server_are_free_and_everybody_is_told() {
    RedissonServer third = serve("third", LOCK_TTL);
    seat(here, ADA);
    seat(third, CAT);
    seat(there, BOB);
    LockOutcome.Granted bobs = lock(there, BOB, INTRO, LOOP);

    there.crash();

    await()
        .atMost(crashIsToldWithin())
        .pollInterval(Duration.ofMillis(20))
        .until(() -> askPrepared(here, ADA, INTRO) instanceof LockOutcome.Granted);
    LockOutcome.Granted adas = lock(here, ADA, INTRO);
    for (RedissonServer server : List.of(here, third)) {
      server.heard().awaitAtEnd(ROOM, SOON, TwoServers.locked(INTRO, adas));
      List<RoomEvent> events = new ArrayList<>(server.heard().eventsOf(ROOM));
      int begin = events.indexOf(TwoServers.locked(LOOP, bobs)) + 1;
      List<RoomEvent> since = events.subList(begin, events.size());
      assertThat(since)
          .containsExactlyInAnyOrder(
              TwoServers.released(INTRO, ReleaseReason.NODE_DOWN),
              TwoServers.released(LOOP, ReleaseReason.NODE_DOWN),
              TwoServers.left(BOB, LeaveReason.NODE_DOWN),
              TwoServers.locked(INTRO, adas));
      assertThat(since.subList(2, 4))
          .containsExactly(
              TwoServers.left(BOB, LeaveReason.NODE_DOWN), TwoServers.locked(INTRO, adas));
    }
  }

  @Test
  void a_lock_does_not_expire_under_a_living_owner() {
    seat(here, ADA);
    lock(here, ADA, INTRO);

    await()
        .during(LOCK_TTL.multipliedBy(3))
        .atMost(LOCK_TTL.multipliedBy(4))
        .pollInterval(Duration.ofMillis(100))
        .until(() ->
            TwoServers.owners(there.seats().look(ROOM)).equals(Map.of(INTRO, ADA.clientId()))
                && here.heard().timesLost(ROOM) == 0);
  }

  @Test
  void a_successor_under_the_same_id_ends_what_was_left_behind_before_it_serves() {
    seat(here, ADA);
    seat(there, BOB);
    lock(there, BOB, INTRO);
    there.crash();

    RedissonServer successor = serve("there", LOCK_TTL);

    RoomView view = successor.seats().look(ROOM);
    assertThat(view.participants()).containsExactly(ADA);
    assertThat(view.locks()).isEmpty();
    here.heard()
        .awaitAtEnd(
            ROOM,
            SOON,
            TwoServers.released(INTRO, ReleaseReason.NODE_DOWN),
            TwoServers.left(BOB, LeaveReason.NODE_DOWN));
    seat(successor, CAT);
    assertThat(ask(successor, CAT, INTRO)).isInstanceOf(NeedsFence.class);
    assertThat(askPrepared(successor, CAT, INTRO)).isInstanceOf(LockOutcome.Granted.class);
  }

  @Test
  void a_server_whose_id_was_taken_over_loses_its_seats_and_does_its_successor_no_harm() {
    seat(there, BOB);
    lock(there, BOB, INTRO);

    RedissonServer successor = serve("there", LOCK_TTL);
    seat(successor, CAT);
    askPrepared(successor, CAT, INTRO);

    await().atMost(SOON).until(() -> there.heard().timesLost(ROOM) == 1);
    assertThat(ask(there, BOB, LOOP)).isInstanceOf(LockOutcome.SeatLost.class);
    there.close();
    RoomView view = here.seats().look(ROOM);
    assertThat(view.participants()).containsExactly(CAT);
    assertThat(TwoServers.owners(view)).isEqualTo(Map.of(INTRO, CAT.clientId()));
    lock(successor, CAT, LOOP);
  }

  @Test
  void a_whole_group_of_servers_that_died_is_cleared_away_by_the_next_that_comes() {
    seat(here, ADA);
    seat(there, BOB);
    lock(there, BOB, INTRO);
    here.crash();
    there.crash();

    serve("third", LOCK_TTL);

    await().atMost(crashIsToldWithin()).until(() -> !redis.ask("KEYS *").contains("members"));
  }

  @Test
  void a_room_whose_seats_cannot_be_ended_does_not_keep_the_others_waiting() {
    List<RoomId> rooms = IntStream.range(0, 10).mapToObj(n -> new RoomId("room-" + n)).toList();
    rooms.forEach(room -> here.seats().take(room, ADA, 10));
    List<RoomId> stuck = rooms.subList(3, 7);
    stuck.forEach(room -> redis.ask("RENAME %1$snodes %1$sother".formatted(prefix(room))));
    stuck.forEach(room -> redis.ask("SET %snodes broken".formatted(prefix(room))));

    rooms.forEach(room -> redis.ask("DEL %slease:here".formatted(prefix(room))));

    List<RoomId> others = rooms.stream().filter(room -> !stuck.contains(room)).toList();
    await().atMost(SOON).until(() -> others.stream().allMatch(this::isLostHere));
    assertThat(stuck).noneMatch(this::isLostHere);
    stuck.forEach(room -> redis.ask("RENAME %1$sother %1$snodes".formatted(prefix(room))));
    await().atMost(SOON).until(() -> rooms.stream().allMatch(this::isLostHere));
  }

  private boolean isLostHere(RoomId room) {
    return here.heard().timesLost(room) == 1;
  }

  private static String prefix(RoomId room) {
    return "blockroom:{" + room + "}:";
  }
}
