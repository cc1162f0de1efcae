package io.blockroom.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.blockroom.application.port.out.TwoServers;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.ReleaseReason;
import io.blockroom.domain.room.LeaveReason;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is over leaves nothing in Redis. */
class RoomKeysTest extends OnRealRedis {
  @Test
  void a_room_that_everybody_left_leaves_no_keys() {
    useRoom();

    here.seats().giveUp(ROOM, ADA.clientId(), LeaveReason.LEFT);
    there.seats().giveUp(ROOM, BOB.clientId(), LeaveReason.LEFT);

    assertThat(keys())
        .containsExactlyInAnyOrder(
            "blockroom:life:here", "blockroom:life:there", "blockroom:nodes");
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

  private void useRoom() {
    seat(here, ADA);
    seat(there, BOB);
    here.seats().refresh(ROOM, ADA.clientId());
    lock(here, ADA, INTRO);
    lock(there, BOB, LOOP, END);
    end(here, ADA, reserve(here, ADA, INTRO, new BlockId("unknown")), true);
    reserve(there, BOB, END, new BlockId("under way"));
    announce(there, TwoServers.edit(BOB), END);
  }

  private List<String> keys() {
    return redis.ask("KEYS *").lines().filter(line -> line.contains("blockroom")).toList();
  }
}
