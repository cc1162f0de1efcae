package io.blockroom.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.blockroom.application.port.out.BlockLocks.LineOutcome;
import io.blockroom.application.port.out.TwoServers;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.lock.ReleaseReason;
import io.blockroom.domain.lock.Ticket;
import io.blockroom.domain.lock.Waiter;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.presence.Status;
import io.blockroom.domain.room.LeaveReason;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is over leaves nothing in Redis. */
class RoomKeysTest extends OnRealRedis {
  private static final String NODES = "blockroom:nodes";

  @Test
  void a_room_that_everybody_left_leaves_no_keys() {
    useRoom();

    here.seats().giveUp(ROOM, ADA.clientId(), LeaveReason.LEFT);
    there.seats().giveUp(ROOM, BOB.clientId(), LeaveReason.LEFT);

    assertThat(keys())
        .containsExactlyInAnyOrder("blockroom:life:here", "blockroom:life:there", NODES);
  }

  @Test
  void servers_that_ended_leave_nothing() {
    useRoom();

    here.close();
    there.close();

    assertThat(keys()).isEmpty();
  }

  @Test
  void a_server_that_ends_tells_the_others_what_ends_with_it() {
    useRoom();

    there.close();

    here.heard()
        .awaitAtEnd(
            ROOM,
            SOON,
            TwoServers.released(LOOP, ReleaseReason.NODE_DOWN),
            TwoServers.left(BOB, LeaveReason.NODE_DOWN));
    assertThat(here.seats().look(ROOM).participants()).containsExactly(ADA);
  }

  @Test
  void a_lost_lease_leaves_no_keys_either() {
    useRoom();

    redis.ask("DEL blockroom:{" + ROOM + "}:lease:here blockroom:{" + ROOM + "}:lease:there");

    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          assertThat(here.heard().timesLost(ROOM)).isEqualTo(1);
          assertThat(there.heard().timesLost(ROOM)).isEqualTo(1);
        });
    assertThat(keys()).noneMatch(key -> key.contains("{"));
    seat(here, CAT);
  }

  @Test
  void seats_that_were_left_behind_end_when_nobody_has_come_for_them() {
    useRoom();

    there.seats().leaveBehind(Duration.ofSeconds(1));
    there.close();

    assertThat(here.seats().look(ROOM).participants()).containsExactlyInAnyOrder(ADA, BOB);
    here.heard()
        .awaitAtEnd(
            ROOM,
            SOON,
            new RoomEvent.LineLeft(new Ticket("t1")),
            TwoServers.released(LOOP, ReleaseReason.DISCONNECTED),
            TwoServers.left(BOB, LeaveReason.TIMEOUT));
    here.seats().giveUp(ROOM, ADA.clientId(), LeaveReason.LEFT);
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(keys()).containsExactlyInAnyOrder("blockroom:life:here", NODES));
  }

  @Test
  void a_successor_spares_the_seats_that_were_left_behind_until_their_grace_is_over() {
    useRoom();
    here.seats().giveUp(ROOM, ADA.clientId(), LeaveReason.LEFT);
    here.close();
    there.seats().leaveBehind(Duration.ofSeconds(3));
    there.close();

    RedissonServer successor = serve("there", LOCK_TTL);

    RoomView view = successor.seats().look(ROOM);
    assertThat(view.participants()).containsExactly(BOB);
    assertThat(TwoServers.owners(view)).containsEntry(LOOP, BOB.clientId());
    await()
        .atMost(SOON.multipliedBy(2))
        .untilAsserted(
            () -> assertThat(keys()).containsExactlyInAnyOrder("blockroom:life:there", NODES));
  }

  private void useRoom() {
    seat(here, ADA);
    seat(there, BOB);
    lock(here, ADA, INTRO);
    lock(there, BOB, LOOP, END);
    end(here, ADA, reserve(here, ADA, INTRO, new BlockId("unknown")), true);
    reserve(there, BOB, END, new BlockId("under way"));
    announce(there, TwoServers.edit(BOB), END);
    Waiter waiter =
        new Waiter(new Ticket("t1"), BOB.clientId(), LockRequest.of(INTRO, List.of(END)));
    assertThat(there.locks().queue(ROOM, waiter, 10)).isInstanceOf(LineOutcome.Queued.class);
    Presence idle = Presence.UNKNOWN.withStatus(Status.IDLE);
    here.broadcast().showPresence(Map.of(ROOM, Map.of(ADA.clientId(), idle)));
    there.broadcast().showPresence(Map.of(ROOM, Map.of(BOB.clientId(), idle)));
  }

  private List<String> keys() {
    return redis.ask("KEYS *").lines().filter(line -> line.contains("blockroom")).toList();
  }
}
