package io.blockroom.application.fake;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.port.out.BlockLocks;
import io.blockroom.application.port.out.BlockLocks.LockOutcome;
import io.blockroom.application.port.out.BlockLocksContract;
import io.blockroom.application.port.out.ChangesHeard;
import io.blockroom.application.port.out.RoomBroadcast;
import io.blockroom.application.port.out.RoomBroadcastContract;
import io.blockroom.application.port.out.Seats;
import io.blockroom.application.port.out.SeatsContract;
import io.blockroom.application.port.out.TwoServers;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.ReleaseReason;
import io.blockroom.domain.room.LeaveReason;
import io.blockroom.domain.room.RoomChange;
import io.blockroom.domain.room.RoomId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
  public void graceIsOver() {
    shared.endSeatsLeftBehind();
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
    LockOutcome.Granted granted = lock(here, ADA, LOOP);

    here.heard.awaitExactly(room(), SOON, TwoServers.joined(ADA), TwoServers.locked(LOOP, granted));
    assertThat(revisionsHeard()).containsExactly(1L, 3L);
  }

  @Test
  void repeated_changes_are_told_twice() {
    seat(here, ADA);
    here.coordination.duplicateChanges(1);

    lock(here, ADA, INTRO);
    lock(here, ADA, LOOP);

    assertThat(revisionsHeard()).containsExactly(1L, 2L, 2L, 3L);
  }

  @Test
  void reordered_changes_are_told_the_later_one_first() {
    seat(here, ADA);
    here.coordination.reorderChanges(2);

    for (int n = 0; n < 5; n++) {
      lock(here, ADA, new BlockId("b" + n));
    }

    assertThat(revisionsHeard()).containsExactly(1L, 3L, 2L, 5L, 4L, 6L);
  }

  @Test
  void a_change_that_none_overtook_is_told_on_delivery() {
    seat(here, ADA);
    here.coordination.reorderChanges(1);
    lock(here, ADA, INTRO);

    here.coordination.deliverChanges();

    assertThat(revisionsHeard()).containsExactly(1L, 2L);
  }

  @Test
  void changes_held_back_are_told_on_delivery() {
    seat(here, ADA);
    here.coordination.holdBackChanges();

    LockOutcome.Granted granted = lock(here, ADA, INTRO);

    assertThat(here.heard.eventsOf(room())).containsExactly(TwoServers.joined(ADA));
    here.coordination.deliverChanges();
    assertThat(here.heard.eventsOf(room()))
        .containsExactly(TwoServers.joined(ADA), TwoServers.locked(INTRO, granted));
  }

  @Test
  void ended_seats_are_told_to_their_own_server_as_lost_and_to_the_others_as_left() {
    seat(there, BOB);
    seat(here, ADA);
    LockOutcome.Granted granted = lock(here, ADA, INTRO);

    here.coordination.endSeats(room());

    assertThat(here.heard.timesLost(room())).isOne();
    assertThat(there.heard.timesLost(room())).isZero();
    there.heard.awaitAtEnd(
        room(),
        SOON,
        TwoServers.released(INTRO, ReleaseReason.EXPIRED),
        TwoServers.left(ADA, LeaveReason.NODE_DOWN));
    assertThat(ask(there, BOB, INTRO))
        .isEqualTo(
            new BlockLocks.Unprepared.NeedsFence(Map.of(INTRO, TwoServers.token(granted, INTRO))));
  }

  @Test
  void a_room_that_forgot_its_tokens_keeps_its_locks_and_gives_them_new_ones() {
    seat(here, ADA);
    LockOutcome.Granted granted = lock(here, ADA, INTRO);

    shared.forgetTokens(room());

    assertThat(sit(there, BOB).hasTokens()).isFalse();
    assertThat(ask(here, ADA, LOOP)).isInstanceOf(BlockLocks.Unprepared.NeedsTokens.class);
    assertThat(lock(here, ADA, INTRO).locks()).isEqualTo(granted.locks());
    here.coordination.stock(room(), TwoServers.draw());
    assertThat(TwoServers.token(lock(here, ADA, INTRO), INTRO))
        .isGreaterThan(TwoServers.token(granted, INTRO));
    assertThat(here.heard.eventsOf(room()).getLast())
        .isEqualTo(TwoServers.locked(INTRO, lock(here, ADA, INTRO)));
  }

  private List<Long> revisionsHeard() {
    List<RoomChange> heard = here.heard.changesOf(room());
    long first = heard.getFirst().revision().value();
    return heard.stream().map(change -> change.revision().value() - first + 1).toList();
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
