package io.blockroom.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.blockroom.application.port.out.BlockLocks.LockOutcome;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.RoomBroadcast.Announcement;
import io.blockroom.application.port.out.TwoServers;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.room.LeaveReason;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Two servers on a Redis Cluster of three masters. */
class RedisClusterTest extends OnRedisServers<RedisClusterProcesses> {
  private static final Duration LOCK_TTL = Duration.ofSeconds(2);

  RedisClusterTest() {
    super(new RedisClusterProcesses(), LOCK_TTL);
  }

  @Test
  void rooms_on_every_master_serve_both_servers_and_all_is_heard_everywhere() {
    Map<RedisProcess, RoomId> rooms = oneRoomOnEachMaster();

    rooms.values().forEach(this::assertServesBothServers);

    rooms.forEach((master, room) -> {
      assertThat(master.ask("KEYS *")).contains("{" + room + "}:members");
      here.seats().giveUp(room, ADA.clientId(), LeaveReason.LEFT);
      there.heard().awaitAtEnd(room, SOON, TwoServers.left(ADA, LeaveReason.LEFT));
    });
  }

  @Test
  void a_cluster_of_which_one_master_drops_keys_is_refused() {
    redis.masters().getLast().ask("CONFIG SET maxmemory-policy allkeys-lru");

    assertThatThrownBy(() -> serve("third", LOCK_TTL))
        .isInstanceOf(UnusableRedis.class)
        .hasMessageContaining("allkeys-lru");
  }

  @Test
  void while_one_master_is_dead_the_rooms_of_the_others_go_on() {
    Map<RedisProcess, RoomId> rooms = oneRoomOnEachMaster();
    rooms.values().forEach(this::assertServesBothServers);
    RedisProcess dead = redis.masterOf("{" + ROOM + "}");
    rooms.remove(dead);

    dead.kill();

    assertRefusedSoon(() -> here.seats().look(ROOM));
    await()
        .during(LOCK_TTL.multipliedBy(3))
        .atMost(LOCK_TTL.multipliedBy(5))
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptionsInstanceOf(CoordinationUnavailable.class)
        .until(() ->
            rooms.values().stream().allMatch(room -> here.seats().look(room).locks().size() == 2));
    for (RoomId room : rooms.values()) {
      assertThat(here.heard().timesLost(room)).isZero();
      assertThat(there.heard().timesLost(room)).isZero();
    }
  }

  private void assertServesBothServers(RoomId room) {
    here.seats().take(room, ADA, 10);
    there.seats().take(room, BOB, 10);
    here.locks().stock(room, TwoServers.draw());
    LockOutcome.Granted adas =
        (LockOutcome.Granted)
            here.locks().acquire(room, ADA.clientId(), LockRequest.of(INTRO, List.of(LOOP)));
    assertThat(there.locks().acquire(room, BOB.clientId(), LockRequest.of(LOOP, List.of())))
        .isInstanceOf(LockOutcome.Denied.class);
    RoomEvent.CommitApplied edit = TwoServers.edit(BOB);

    there.broadcast().announce(room, List.of(new Announcement(edit, Set.of(), Map.of(), Set.of())));

    for (RedissonServer server : List.of(here, there)) {
      server.heard().awaitAtEnd(room, SOON, edit);
      assertThat(server.heard().eventsOf(room))
          .contains(TwoServers.locked(INTRO, adas), TwoServers.locked(LOOP, adas));
    }
  }

  private Map<RedisProcess, RoomId> oneRoomOnEachMaster() {
    Map<RedisProcess, RoomId> rooms = new LinkedHashMap<>();
    IntStream.range(0, 100)
        .mapToObj(n -> new RoomId("방_" + n))
        .forEach(room -> rooms.putIfAbsent(redis.masterOf("{" + room + "}"), room));
    assertThat(rooms).hasSize(3);
    return rooms;
  }
}
