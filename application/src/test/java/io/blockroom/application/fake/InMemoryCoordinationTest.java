package io.blockroom.application.fake;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.port.out.BlockLocks;
import io.blockroom.application.port.out.BlockLocksContract;
import io.blockroom.application.port.out.ChangesHeard;
import io.blockroom.application.port.out.RoomBroadcast;
import io.blockroom.application.port.out.RoomBroadcastContract;
import io.blockroom.application.port.out.Seats;
import io.blockroom.application.port.out.SeatsContract;
import io.blockroom.application.port.out.TwoServers;
import io.blockroom.domain.room.RoomId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class InMemoryCoordinationTest implements SeatsContract, BlockLocksContract, RoomBroadcastContract {
  private final InMemoryCoordination.Shared shared = new InMemoryCoordination.Shared();
  private final InMemoryServer here = new InMemoryServer(shared.server());
  private final InMemoryServer there = new InMemoryServer(shared.server());

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
    there.coordination.crash();
  }

  @Override
  public Duration crashIsToldWithin() {
    return SOON;
  }

  @Override
  public void cutOff() {
    here.coordination.cutOff();
  }

  @Override
  public void reconnect() {
    here.coordination.reconnect();
  }

  @Override
  public RoomId room() {
    return new RoomId("maze");
  }

  @Test
  void lost_changes_show_in_the_revisions() {
    seat(here, ADA);
    here.coordination.loseChanges(1);

    lock(here, ADA, INTRO);
    lock(here, ADA, LOOP);

    here.heard.awaitExactly(room(), SOON, TwoServers.joined(ADA), TwoServers.locked(LOOP, ADA));
    assertThat(
            here.heard
                .changesOf(room())
                .getFirst()
                .revision()
                .isFollowedBy(here.heard.changesOf(room()).getLast().revision()))
        .isFalse();
  }

  @Test
  void changes_held_back_are_told_on_delivery() {
    seat(here, ADA);
    here.coordination.holdBackChanges();

    lock(here, ADA, INTRO);

    assertThat(here.heard.eventsOf(room())).containsExactly(TwoServers.joined(ADA));
    here.coordination.deliverChanges();
    assertThat(here.heard.eventsOf(room()))
        .containsExactly(TwoServers.joined(ADA), TwoServers.locked(INTRO, ADA));
  }

  @Test
  void ended_seats_are_told_to_their_own_server_as_lost_and_to_the_others_as_left() {
    seat(there, BOB);
    seat(here, ADA);
    lock(here, ADA, INTRO);

    here.coordination.endSeats(room());

    assertThat(here.heard.timesLost(room())).isOne();
    assertThat(there.heard.timesLost(room())).isZero();
    there.heard.awaitAtEnd(room(), SOON, TwoServers.released(INTRO), TwoServers.left(ADA));
  }

  private record InMemoryServer(InMemoryCoordination coordination, ChangesHeard heard)
      implements TwoServers.Server {
    private InMemoryServer(InMemoryCoordination coordination) {
      this(coordination, new ChangesHeard());
      coordination.listen(heard);
    }

    @Override
    public Seats seats() {
      return coordination;
    }

    @Override
    public BlockLocks locks() {
      return coordination;
    }

    @Override
    public RoomBroadcast broadcast() {
      return coordination;
    }
  }
}
