package io.blockroom.application.port.out;

import static io.blockroom.application.port.out.TwoServers.joined;
import static io.blockroom.application.port.out.TwoServers.left;
import static io.blockroom.application.port.out.TwoServers.owners;
import static io.blockroom.application.port.out.TwoServers.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.port.out.BlockLocks.LockOutcome;
import io.blockroom.application.port.out.Seats.SeatOutcome;
import io.blockroom.application.port.out.Seats.TakeOverOutcome;
import io.blockroom.domain.lock.Grant;
import io.blockroom.domain.lock.ReleaseReason;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.LeaveReason;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.RoomChange;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link Seats} keeps to. */
public interface SeatsContract extends TwoServers {
  @Test
  default void a_newcomer_finds_themselves_in_the_room() {
    RoomView view = seat(here(), ADA);

    assertThat(view.participants()).containsExactly(ADA);
    assertThat(view.locks()).isEmpty();
  }

  @Test
  default void a_newcomer_sees_who_is_there_and_who_holds_what_on_any_server() {
    seat(there(), BOB);
    lock(there(), BOB, INTRO, LOOP);

    RoomView view = seat(here(), ADA);

    assertThat(view.participants()).containsExactlyInAnyOrder(ADA, BOB);
    assertThat(owners(view)).isEqualTo(Map.of(INTRO, BOB.clientId(), LOOP, BOB.clientId()));
  }

  @Test
  default void a_taken_seat_is_broadcast_with_the_revision_that_the_newcomer_sees() {
    seat(there(), BOB);

    RoomView view = seat(here(), ADA);

    there().heard().awaitExactly(room(), SOON, joined(BOB), joined(ADA));
    assertThat(there().heard().changesOf(room()).getLast())
        .isEqualTo(new RoomChange(room(), view.revision(), List.of(joined(ADA))));
  }

  @Test
  default void a_full_room_refuses_and_stays_as_it_was() {
    here().seats().take(room(), ADA, 1);

    assertThat(there().seats().take(room(), BOB, 1)).isInstanceOf(SeatOutcome.Full.class);

    assertThat(here().seats().look(room()).participants()).containsExactly(ADA);
    assertThat(here().heard().eventsOf(room())).doesNotContain(joined(BOB));
  }

  @Test
  default void a_seat_given_up_can_be_taken_again() {
    here().seats().take(room(), ADA, 1);
    here().seats().giveUp(room(), ADA.clientId(), LeaveReason.LEFT);

    assertThat(there().seats().take(room(), BOB, 1)).isInstanceOf(SeatOutcome.Taken.class);
  }

  @Test
  @DisplayName("A17 never more seats are taken than there are, however many callers race")
  default void never_more_seats_are_taken_than_there_are() throws Exception {
    try (ExecutorService racers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<SeatOutcome>> calls = new ArrayList<>();
      for (int n = 0; n < 40; n++) {
        Server server = n % 2 == 0 ? here() : there();
        Participant racer = TwoServers.participant("racer-" + n, "Racer " + n);
        calls.add(() -> server.seats().take(room(), racer, 10));
      }

      List<SeatOutcome> outcomes = new ArrayList<>();
      for (Future<SeatOutcome> call : racers.invokeAll(calls)) {
        outcomes.add(call.get(10, TimeUnit.SECONDS));
      }

      assertThat(outcomes).filteredOn(SeatOutcome.Taken.class::isInstance).hasSize(10);
      assertThat(here().seats().taken(room())).isEqualTo(10);
    }
  }

  @Test
  default void giving_up_tells_of_every_released_lock_and_then_of_the_departure_in_one_step() {
    seat(there(), BOB);
    seat(here(), ADA);
    lock(here(), ADA, INTRO, LOOP);

    here().seats().giveUp(room(), ADA.clientId(), LeaveReason.LEFT);

    RoomEvent left = left(ADA, LeaveReason.LEFT);
    there().heard().awaitAtEnd(room(), SOON, left);
    RoomChange last = there().heard().changesOf(room()).getLast();
    assertThat(last.events()).hasSize(3).endsWith(left);
    assertThat(last.events())
        .contains(
            TwoServers.released(INTRO, ReleaseReason.DISCONNECTED),
            TwoServers.released(LOOP, ReleaseReason.DISCONNECTED));
    assertThat(there().seats().look(room()).locks()).isEmpty();
  }

  @Test
  default void the_reason_of_a_departure_is_told() {
    seat(there(), BOB);
    for (LeaveReason reason : LeaveReason.values()) {
      seat(here(), ADA);

      here().seats().giveUp(room(), ADA.clientId(), reason);

      there().heard().awaitAtEnd(room(), SOON, left(ADA, reason));
    }
  }

  @Test
  default void giving_up_a_seat_leaves_the_locks_of_others_alone() {
    seat(here(), ADA);
    seat(here(), BOB);
    lock(here(), ADA, INTRO);
    lock(here(), BOB, LOOP);

    here().seats().giveUp(room(), ADA.clientId(), LeaveReason.LEFT);

    RoomView view = here().seats().look(room());
    assertThat(view.participants()).containsExactly(BOB);
    assertThat(owners(view)).isEqualTo(Map.of(LOOP, BOB.clientId()));
  }

  @Test
  default void giving_up_a_seat_that_is_not_taken_changes_nothing() {
    seat(here(), ADA);
    RoomView before = here().seats().look(room());

    here().seats().giveUp(room(), BOB.clientId(), LeaveReason.LEFT);
    here().seats().giveUp(room(), BOB.clientId(), LeaveReason.LEFT);

    assertThat(here().seats().look(room())).isEqualTo(before);
  }

  @Test
  default void an_empty_room_looks_empty() {
    RoomView view = here().seats().look(room());

    assertThat(view.participants()).isEmpty();
    assertThat(view.locks()).isEmpty();
    assertThat(here().seats().taken(room())).isZero();
  }

  @Test
  default void both_servers_see_the_same_room() {
    seat(here(), ADA);
    seat(there(), BOB);
    lock(here(), ADA, INTRO);
    lock(there(), BOB, END);

    RoomView fromHere = here().seats().look(room());
    RoomView fromThere = there().seats().look(room());

    assertThat(fromHere.revision()).isEqualTo(fromThere.revision());
    assertThat(fromHere.participants())
        .containsExactlyInAnyOrderElementsOf(fromThere.participants());
    assertThat(fromHere.participants()).containsExactlyInAnyOrder(ADA, BOB);
    assertThat(fromHere.locks()).isEqualTo(fromThere.locks());
    assertThat(owners(fromHere)).isEqualTo(Map.of(INTRO, ADA.clientId(), END, BOB.clientId()));
    assertThat(here().seats().taken(room())).isEqualTo(2);
  }

  @Test
  default void the_revisions_of_rooms_with_seats_are_those_that_a_look_shows() {
    RoomId empty = new RoomId(room() + "-empty");
    seat(here(), ADA);
    lock(here(), ADA, INTRO);
    RoomId other = new RoomId(room() + "-other");
    there().seats().take(other, BOB, 10);

    Map<RoomId, Revision> revisions = there().seats().revisions(Set.of(room(), other, empty));

    assertThat(revisions)
        .isEqualTo(
            Map.of(
                room(),
                here().seats().look(room()).revision(),
                other,
                here().seats().look(other).revision()));
    assertThat(here().seats().revisions(Set.of())).isEmpty();
    there().seats().giveUp(other, BOB.clientId(), LeaveReason.LEFT);
  }

  @Test
  default void the_revision_never_goes_back_though_the_room_was_empty() {
    RoomView first = seat(here(), ADA);
    here().seats().giveUp(room(), ADA.clientId(), LeaveReason.LEFT);
    RoomView empty = here().seats().look(room());
    RoomView second = seat(there(), BOB);

    assertThat(empty.revision()).isGreaterThan(first.revision());
    assertThat(second.revision()).isGreaterThan(empty.revision());
  }

  @Test
  default void the_seats_and_locks_of_a_dead_server_end_and_this_is_told() {
    seat(here(), ADA);
    seat(there(), BOB);
    LockOutcome.Granted granted = lock(there(), BOB, INTRO);
    reserve(there(), BOB, LOOP);

    crashThere();

    here()
        .heard()
        .awaitExactly(
            room(),
            crashIsToldWithin(),
            joined(ADA),
            joined(BOB),
            TwoServers.locked(INTRO, granted),
            TwoServers.released(INTRO, ReleaseReason.NODE_DOWN),
            left(BOB, LeaveReason.NODE_DOWN));
    RoomView view = here().seats().look(room());
    assertThat(view.participants()).containsExactly(ADA);
    assertThat(view.locks()).isEmpty();
    assertThat(here().seats().taken(room())).isEqualTo(1);
  }

  @Test
  default void a_seat_is_taken_over_with_its_locks_from_the_server_that_holds_it() {
    seat(here(), ADA);
    seat(there(), BOB);
    LockOutcome.Granted granted = lock(there(), BOB, INTRO);

    TakeOverOutcome.TakenOver taken = takeOver(here(), BOB, 1);

    assertThat(taken.serial()).isEqualTo(2);
    assertThat(taken.view().participants()).containsExactlyInAnyOrder(ADA, BOB);
    assertThat(taken.view().locks())
        .isEqualTo(Map.of(INTRO, new Grant(BOB.clientId(), token(granted, INTRO))));
    assertThat(ask(there(), BOB, LOOP)).isInstanceOf(LockOutcome.SeatLost.class);
    assertThat(ask(here(), BOB, LOOP)).isInstanceOf(LockOutcome.Granted.class);
    assertThat(here().seats().taken(room())).isEqualTo(2);
  }

  @Test
  default void both_servers_hear_that_a_seat_was_taken_over_even_if_it_was_the_last_there() {
    seat(there(), BOB);

    TakeOverOutcome.TakenOver taken = takeOver(here(), BOB, 1);

    RoomEvent told = new RoomEvent.SeatTakenOver(BOB.clientId(), 2);
    there().heard().awaitExactly(room(), SOON, joined(BOB), told);
    here().heard().awaitExactly(room(), SOON, told);
    assertThat(here().heard().changesOf(room()).getLast().revision())
        .isEqualTo(taken.view().revision());
  }

  @Test
  default void a_seat_can_be_taken_over_by_the_server_that_has_it() {
    seat(here(), ADA);
    lock(here(), ADA, INTRO);

    assertThat(takeOver(here(), ADA, 1).serial()).isEqualTo(2);
    assertThat(takeOver(here(), ADA, 2).serial()).isEqualTo(3);

    assertThat(owners(here().seats().look(room()))).isEqualTo(Map.of(INTRO, ADA.clientId()));
    assertThat(here().seats().taken(room())).isEqualTo(1);
  }

  @Test
  default void who_gives_up_a_seat_that_was_taken_over_ends_nothing() {
    seat(there(), BOB);
    lock(there(), BOB, INTRO);
    takeOver(here(), BOB, 1);

    there().seats().giveUp(room(), BOB.clientId(), LeaveReason.TIMEOUT);

    RoomView view = here().seats().look(room());
    assertThat(view.participants()).containsExactly(BOB);
    assertThat(owners(view)).isEqualTo(Map.of(INTRO, BOB.clientId()));
  }

  @Test
  default void a_seat_that_was_taken_over_outlives_the_server_that_had_it() {
    seat(there(), BOB);
    seat(there(), CAT);
    lock(there(), BOB, INTRO);
    takeOver(here(), BOB, 1);

    crashThere();

    here().heard().awaitAtEnd(room(), crashIsToldWithin(), left(CAT, LeaveReason.NODE_DOWN));
    RoomView view = here().seats().look(room());
    assertThat(view.participants()).containsExactly(BOB);
    assertThat(owners(view)).isEqualTo(Map.of(INTRO, BOB.clientId()));
  }

  @Test
  default void a_serial_is_good_until_a_later_one_is_confirmed() {
    seat(here(), ADA);
    takeOver(here(), ADA, 1);

    assertThat(takeOver(there(), ADA, 1).serial()).isEqualTo(3);
    there().seats().confirm(room(), ADA.clientId(), 3);

    assertThat(here().seats().takeOver(room(), ADA.clientId(), 2))
        .isInstanceOf(TakeOverOutcome.Refused.class);
    assertThat(here().seats().takeOver(room(), ADA.clientId(), 4))
        .isInstanceOf(TakeOverOutcome.Refused.class);
    assertThat(ask(there(), ADA, INTRO)).isInstanceOf(LockOutcome.Granted.class);
    assertThat(takeOver(here(), ADA, 3).serial()).isEqualTo(4);
  }

  @Test
  default void only_the_server_that_has_a_seat_confirms_a_serial_and_never_a_lower_one() {
    seat(here(), ADA);
    takeOver(here(), ADA, 1);
    takeOver(here(), ADA, 2);
    here().seats().confirm(room(), ADA.clientId(), 2);

    here().seats().confirm(room(), ADA.clientId(), 1);
    there().seats().confirm(room(), ADA.clientId(), 3);

    assertThat(takeOver(there(), ADA, 2).serial()).isEqualTo(4);
  }

  @Test
  default void a_seat_that_nobody_has_cannot_be_taken_over() {
    seat(here(), ADA);

    assertThat(here().seats().takeOver(room(), BOB.clientId(), 1))
        .isInstanceOf(TakeOverOutcome.NotTaken.class);
    here().seats().giveUp(room(), ADA.clientId(), LeaveReason.LEFT);
    assertThat(there().seats().takeOver(room(), ADA.clientId(), 1))
        .isInstanceOf(TakeOverOutcome.NotTaken.class);
  }

  @Test
  default void seats_left_behind_stand_until_somebody_takes_them_over() {
    seat(here(), ADA);
    seat(there(), BOB);
    lock(there(), BOB, INTRO);

    there().seats().leaveBehind(Duration.ofSeconds(5));

    assertThat(here().seats().taken(room())).isEqualTo(2);
    assertThat(ask(there(), BOB, LOOP)).isInstanceOf(LockOutcome.SeatLost.class);
    TakeOverOutcome.TakenOver taken = takeOver(here(), BOB, 1);
    assertThat(owners(taken.view())).isEqualTo(Map.of(INTRO, BOB.clientId()));
    assertThat(taken.view().participants()).containsExactlyInAnyOrder(ADA, BOB);
  }

  @Test
  default void seats_left_behind_end_after_the_grace() {
    seat(here(), ADA);
    seat(there(), BOB);
    LockOutcome.Granted granted = lock(there(), BOB, INTRO);

    there().seats().leaveBehind(Duration.ofSeconds(1));
    graceIsOver();

    here()
        .heard()
        .awaitExactly(
            room(),
            SOON,
            joined(ADA),
            joined(BOB),
            TwoServers.locked(INTRO, granted),
            TwoServers.released(INTRO, ReleaseReason.DISCONNECTED),
            left(BOB, LeaveReason.TIMEOUT));
    assertThat(here().seats().look(room()).participants()).containsExactly(ADA);
  }

  @Test
  default void no_answer_about_seats_is_told_within_3_seconds() {
    seat(here(), ADA);

    assertRefusedWithin3Seconds(
        () -> here().seats().take(room(), CAT, 10),
        () -> here().seats().giveUp(room(), ADA.clientId(), LeaveReason.LEFT),
        () -> here().seats().look(room()),
        () -> here().seats().revisions(Set.of(room())),
        () -> here().seats().taken(room()),
        () -> here().seats().takeOver(room(), ADA.clientId(), 1),
        () -> here().seats().confirm(room(), ADA.clientId(), 1));
  }

  private TakeOverOutcome.TakenOver takeOver(Server server, Participant holder, long serial) {
    TakeOverOutcome outcome = server.seats().takeOver(room(), holder.clientId(), serial);
    assertThat(outcome).isInstanceOf(TakeOverOutcome.TakenOver.class);
    return (TakeOverOutcome.TakenOver) outcome;
  }
}
