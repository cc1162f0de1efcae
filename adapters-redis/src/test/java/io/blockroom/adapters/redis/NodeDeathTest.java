package io.blockroom.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.blockroom.application.port.out.BlockLocks.LockOutcome;
import io.blockroom.application.port.out.TwoServers;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    lock(there, BOB, INTRO, LOOP);

    there.crash();

    await()
        .atMost(crashIsToldWithin())
        .pollInterval(Duration.ofMillis(20))
        .until(() -> ask(here, ADA, INTRO) instanceof LockOutcome.Granted);
    for (RedissonServer server : List.of(here, third)) {
      server.heard().awaitAtEnd(ROOM, SOON, TwoServers.locked(INTRO, ADA));
      List<RoomEvent> events = new ArrayList<>(server.heard().eventsOf(ROOM));
      int begin = events.indexOf(TwoServers.locked(LOOP, BOB)) + 1;
      List<RoomEvent> since = events.subList(begin, events.size());
      assertThat(since)
          .containsExactlyInAnyOrder(
              TwoServers.released(INTRO),
              TwoServers.released(LOOP),
              TwoServers.left(BOB),
              TwoServers.locked(INTRO, ADA));
      assertThat(since.subList(2, 4))
          .containsExactly(TwoServers.left(BOB), TwoServers.locked(INTRO, ADA));
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
            there.seats().look(ROOM).locks().equals(Map.of(INTRO, ADA.clientId()))
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
    here.heard().awaitAtEnd(ROOM, SOON, TwoServers.released(INTRO), TwoServers.left(BOB));
    seat(successor, CAT);
    lock(successor, CAT, INTRO);
  }

  @Test
  void a_server_whose_id_was_taken_over_loses_its_seats_and_does_its_successor_no_harm() {
    seat(there, BOB);
    lock(there, BOB, INTRO);

    RedissonServer successor = serve("there", LOCK_TTL);
    seat(successor, CAT);
    lock(successor, CAT, INTRO);

    await().atMost(SOON).until(() -> there.heard().timesLost(ROOM) == 1);
    assertThat(ask(there, BOB, LOOP)).isInstanceOf(LockOutcome.SeatLost.class);
    there.close();
    assertThat(here.seats().look(ROOM).participants()).containsExactly(CAT);
    assertThat(here.seats().look(ROOM).locks()).isEqualTo(Map.of(INTRO, CAT.clientId()));
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
}
