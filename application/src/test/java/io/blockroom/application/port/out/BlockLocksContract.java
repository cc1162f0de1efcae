package io.blockroom.application.port.out;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.blockroom.application.port.out.BlockLocks.Inspection;
import io.blockroom.application.port.out.BlockLocks.LockOutcome;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.room.RoomChange;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every {@link BlockLocks} keeps to. */
public interface BlockLocksContract extends TwoServers {
  @Test
  default void a_free_block_is_granted_and_this_is_told_everywhere() {
    seat(there(), BOB);
    seat(here(), ADA);

    LockOutcome.Granted granted = lock(here(), ADA, INTRO);

    assertThat(granted.heldBefore()).isEmpty();
    there().heard().awaitAtEnd(room(), SOON, TwoServers.locked(INTRO, ADA));
    here().heard().awaitAtEnd(room(), SOON, TwoServers.locked(INTRO, ADA));
    assertThat(there().heard().changesOf(room()).getLast().revision()).isEqualTo(granted.asOf());
  }

  @Test
  default void a_group_is_told_in_one_step_in_the_order_of_the_request() {
    seat(here(), ADA);

    LockOutcome.Granted granted = lock(here(), ADA, LOOP, INTRO, END);

    List<RoomEvent> events =
        List.of(
            TwoServers.locked(LOOP, ADA),
            TwoServers.locked(INTRO, ADA),
            TwoServers.locked(END, ADA));
    here().heard().awaitAtEnd(room(), SOON, events.toArray(RoomEvent[]::new));
    assertThat(here().heard().changesOf(room()).getLast())
        .isEqualTo(new RoomChange(room(), granted.asOf(), events));
  }

  @Test
  default void a_block_of_somebody_else_is_denied_with_its_owner() {
    seat(here(), ADA);
    seat(there(), BOB);
    lock(there(), BOB, INTRO);

    LockOutcome outcome = ask(here(), ADA, INTRO);

    assertThat(outcome).isInstanceOf(LockOutcome.Denied.class);
    LockOutcome.Denied denied = (LockOutcome.Denied) outcome;
    assertThat(denied.conflicts())
        .extracting(BlockLock::block, BlockLock::owner)
        .containsExactly(tuple(INTRO, BOB.clientId()));
    assertThat(denied.conflicts().getFirst().remaining()).isPositive();
    assertThat(denied.asOf()).isEqualTo(here().seats().look(room()).revision());
  }

  @Test
  default void a_group_with_one_block_of_somebody_else_is_denied_as_a_whole() {
    seat(here(), ADA);
    seat(here(), BOB);
    lock(here(), BOB, END);
    lock(here(), BOB, LOOP);
    RoomView before = here().seats().look(room());

    LockOutcome outcome = ask(here(), ADA, INTRO, LOOP, END);

    assertThat(outcome).isInstanceOf(LockOutcome.Denied.class);
    assertThat(((LockOutcome.Denied) outcome).conflicts())
        .extracting(BlockLock::block)
        .containsExactly(LOOP, END);
    assertThat(here().seats().look(room())).isEqualTo(before);
  }

  @Test
  default void a_block_held_already_stays_the_holders_and_is_not_told_again() {
    seat(here(), ADA);
    LockOutcome.Granted first = lock(here(), ADA, INTRO);

    LockOutcome.Granted again = lock(here(), ADA, INTRO);
    LockOutcome.Granted more = lock(here(), ADA, INTRO, LOOP);

    assertThat(again.heldBefore()).containsExactly(INTRO);
    assertThat(again.asOf()).isEqualTo(first.asOf());
    assertThat(more.heldBefore()).containsExactly(INTRO);
    here()
        .heard()
        .awaitExactly(
            room(),
            SOON,
            TwoServers.joined(ADA),
            TwoServers.locked(INTRO, ADA),
            TwoServers.locked(LOOP, ADA));
  }

  @Test
  default void who_has_no_seat_gets_no_lock() {
    seat(here(), ADA);
    RoomView before = here().seats().look(room());

    assertThat(ask(here(), BOB, INTRO)).isInstanceOf(LockOutcome.SeatLost.class);
    assertThat(ask(there(), BOB, INTRO)).isInstanceOf(LockOutcome.SeatLost.class);

    assertThat(here().seats().look(room())).isEqualTo(before);
  }

  @Test
  default void who_gave_up_their_seat_gets_no_lock() {
    seat(here(), ADA);
    seat(here(), BOB);
    here().seats().giveUp(room(), ADA.clientId());

    assertThat(ask(here(), ADA, INTRO)).isInstanceOf(LockOutcome.SeatLost.class);
    assertThat(here().locks().inspect(room(), ADA.clientId(), Set.of(INTRO)))
        .isInstanceOf(Inspection.SeatLost.class);
  }

  @Test
  default void a_lock_of_a_dead_server_is_no_obstacle_once_its_end_was_told() {
    seat(here(), ADA);
    seat(there(), BOB);
    lock(there(), BOB, INTRO);

    crashThere();

    await()
        .atMost(crashIsToldWithin())
        .pollInterval(Duration.ofMillis(20))
        .until(() -> ask(here(), ADA, INTRO) instanceof LockOutcome.Granted);
    here()
        .heard()
        .awaitExactly(
            room(),
            SOON,
            TwoServers.joined(ADA),
            TwoServers.joined(BOB),
            TwoServers.locked(INTRO, BOB),
            TwoServers.released(INTRO),
            TwoServers.left(BOB),
            TwoServers.locked(INTRO, ADA));
  }

  @Test
  default void an_inspection_finds_the_locks_on_the_given_blocks_in_their_order() {
    seat(here(), ADA);
    seat(there(), BOB);
    lock(here(), ADA, END);
    lock(there(), BOB, INTRO);
    BlockId free = new BlockId("free");

    Inspection inspection =
        here().locks().inspect(room(), ADA.clientId(), TwoServers.blocks(END, free, INTRO));

    assertThat(inspection).isInstanceOf(Inspection.Locks.class);
    Inspection.Locks found = (Inspection.Locks) inspection;
    assertThat(found.locks()).extracting(BlockLock::block).containsExactly(END, INTRO);
    assertThat(found.locks())
        .extracting(BlockLock::owner)
        .containsExactly(ADA.clientId(), BOB.clientId());
    assertThat(found.locks()).allMatch(lock -> lock.remaining().isPositive());
    assertThat(found.asOf()).isEqualTo(here().seats().look(room()).revision());
  }

  @Test
  default void an_inspection_changes_nothing() {
    seat(here(), ADA);
    lock(here(), ADA, INTRO);
    RoomView before = here().seats().look(room());

    here().locks().inspect(room(), ADA.clientId(), Set.of(INTRO, LOOP));
    here().locks().inspect(room(), ADA.clientId(), Set.of());

    assertThat(here().seats().look(room())).isEqualTo(before);
  }

  @Test
  default void locks_of_one_room_mean_nothing_in_another() {
    RoomId other = new RoomId(room().value() + "-b");
    seat(here(), ADA);
    lock(here(), ADA, INTRO);
    here().seats().take(other, BOB, 10);

    LockOutcome outcome =
        here().locks().acquire(other, BOB.clientId(), LockRequest.of(INTRO, List.of()));

    assertThat(outcome).isInstanceOf(LockOutcome.Granted.class);
    assertThat(here().seats().look(room()).locks()).isEqualTo(Map.of(INTRO, ADA.clientId()));
  }

  @Test
  default void no_answer_about_locks_is_told_within_3_seconds() {
    seat(here(), ADA);

    assertRefusedWithin3Seconds(() -> ask(here(), ADA, INTRO));
    assertRefusedWithin3Seconds(
        () -> here().locks().inspect(room(), ADA.clientId(), Set.of(INTRO)));
  }
}
