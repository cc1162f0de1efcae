package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockroom.application.port.out.BlockLocks;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.Seats;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.LeaveReason;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** While the coordination is away everything is refused, and on its return all is put right. */
class CoordinationAwayTest {
  private static final BlockId LOOP = new BlockId("loop");

  private final School school = new School();
  private final School.Server here = school.server();
  private final School.Server there = school.server();
  private final Pupil ada = here.seat("maze", "Ada");
  private final Pupil bob = here.seat("maze", "Bob");
  private final Pupil cat = there.seat("maze", "Cat");

  @BeforeEach
  void everybodyIsIn() {
    ada.forgets();
    bob.forgets();
    cat.forgets();
  }

  @Test
  void nobody_can_come_in() {
    here.coordination.cutOff();
    Pupil dan = Pupil.ofSeed(here);

    assertThatThrownBy(() -> dan.triesToEnter("maze", "Dan"))
        .isInstanceOf(CoordinationUnavailable.class);

    assertThat(dan.heard()).isEmpty();
  }

  @Test
  void a_lock_is_refused_by_an_exception() {
    here.coordination.cutOff();

    assertThatThrownBy(() -> ada.asksFor(LOOP)).isInstanceOf(CoordinationUnavailable.class);
  }

  @Test
  void a_commit_is_refused_and_nothing_is_stored() {
    here.coordination.cutOff();

    ada.commits(LOOP, "<xml>1</xml>");

    assertThat(ada.heard()).containsExactly("unavailable []");
    assertThat(school.log(ada.room())).isEmpty();
  }

  @Test
  void on_its_return_the_refused_author_is_shown_the_room_again() {
    here.coordination.cutOff();
    ada.commits(LOOP, "<xml>1</xml>");
    here.tend();
    here.coordination.reconnect();
    here.tend();

    assertThat(ada.heard()).containsExactly("unavailable []", "again, outage [Bob, Cat] []");
    assertThat(bob.heard()).isEmpty();
  }

  @Test
  void a_commit_that_was_stored_but_not_announced_stands_and_is_told_on_the_return() {
    school.storage.afterNextStoring(here.coordination::cutOff);
    ada.commits(LOOP, "<xml>1</xml>");
    here.coordination.reconnect();
    here.tend();

    assertThat(ada.heard())
        .containsExactly("applied 1", "commit loop 1", "released loop, committed");
    assertThat(bob.heard()).containsExactly("commit loop 1", "released loop, committed");
  }

  @Test
  void a_commit_that_was_stored_but_not_announced_is_told_even_if_its_author_has_gone() {
    school.storage.afterNextStoring(here.coordination::cutOff);
    ada.commits(LOOP, "<xml>1</xml>");
    ada.leaves();
    here.coordination.reconnect();
    here.tend();

    assertThat(bob.heard())
        .containsExactly("commit loop 1", "left, left", "released loop, committed");
  }

  @Test
  void leaving_is_done_as_soon_as_the_coordination_is_back() {
    ada.asksFor(LOOP);
    cat.forgets();
    here.coordination.cutOff();

    assertThatCode(ada::leaves).doesNotThrowAnyException();
    here.tend();
    assertThat(cat.heard()).isEmpty();
    here.coordination.reconnect();
    here.tend();

    assertThat(cat.heard()).containsExactly("released loop, disconnected", "left, left");
  }

  @Test
  void a_sign_of_life_that_cannot_be_noted_is_dropped() {
    here.coordination.cutOff();

    here.whereabouts.keep(ada.seat(), false);

    assertThatCode(here.whereabouts::tell).doesNotThrowAnyException();
  }

  @Test
  void blocks_that_were_reserved_though_the_answer_was_lost_are_freed_on_its_return() {
    boolean[] isAnswerLost = {false};
    School.Server unsure =
        school.server(ports ->
            ports.withLocks(
                Detour.of(
                    BlockLocks.class,
                    ports.locks(),
                    step -> {
                      Object answer = step.get();
                      if (isAnswerLost[0]) {
                        loseAnswer();
                      }
                      return answer;
                    })));
    Pupil dan = unsure.seat("maze", "Dan");
    isAnswerLost[0] = true;
    dan.commitsWithoutWorkspace(LOOP);
    isAnswerLost[0] = false;
    bob.asksFor(LOOP);

    unsure.tendOnce();
    bob.asksFor(LOOP);

    assertThat(dan.heard()).contains("unavailable []");
    assertThat(bob.heard())
        .endsWith("denied [loop of pupil-4]", "locked loop", "granted, held before []");
  }

  @Test
  void a_seat_that_was_taken_though_the_answer_was_lost_is_given_back() {
    School.Server unsure =
        school.server(ports ->
            ports.withSeats(
                new School.SeatsAtAPrice(ports.seats(), CoordinationAwayTest::loseAnswer)));
    Pupil dan = Pupil.ofSeed(unsure);

    assertThatThrownBy(() -> dan.triesToEnter("maze", "Dan"))
        .isInstanceOf(CoordinationUnavailable.class);
    unsure.tendOnce();

    assertThat(cat.heard()).containsExactly("joined Dan", "left, left");
  }

  @Test
  void a_seat_that_is_taken_after_it_was_given_up_is_given_up_again() {
    LateTaking[] late = new LateTaking[1];
    School.Server slow =
        school.server(ports -> {
          late[0] = new LateTaking(ports.seats());
          return ports.withSeats(late[0]);
        });
    Pupil dan = Pupil.ofSeed(slow);
    assertThatThrownBy(() -> dan.triesToEnter("maze", "Dan"))
        .isInstanceOf(CoordinationUnavailable.class);
    slow.tendOnce();
    late[0].takeNow.run();
    assertThat(cat.heard()).containsExactly("joined Dan");

    slow.tend();

    assertThat(cat.heard()).containsExactly("joined Dan", "left, left");
  }

  private static void loseAnswer() {
    throw new CoordinationUnavailable(new IllegalStateException("answer lost by the test"));
  }

  /** The wish for a seat is answered too late, and is fulfilled later still. */
  private static final class LateTaking implements Seats {
    private final Seats seats;
    private Runnable takeNow = () -> {};

    LateTaking(Seats seats) {
      this.seats = seats;
    }

    @Override
    public SeatOutcome take(RoomId room, Participant participant, int capacity) {
      takeNow = () -> seats.take(room, participant, capacity);
      throw new CoordinationUnavailable(new IllegalStateException("late by the test"));
    }

    @Override
    public void giveUp(RoomId room, ClientId clientId, LeaveReason reason) {
      seats.giveUp(room, clientId, reason);
    }

    @Override
    public RoomView look(RoomId room) {
      return seats.look(room);
    }

    @Override
    public Map<RoomId, Revision> revisions(Set<RoomId> rooms) {
      return seats.revisions(rooms);
    }

    @Override
    public int taken(RoomId room) {
      return seats.taken(room);
    }

    @Override
    public TakeOverOutcome takeOver(RoomId room, ClientId clientId, long serial) {
      return seats.takeOver(room, clientId, serial);
    }

    @Override
    public void confirm(RoomId room, ClientId clientId, long serial) {
      seats.confirm(room, clientId, serial);
    }

    @Override
    public void leaveBehind(Duration grace) {
      seats.leaveBehind(grace);
    }
  }
}
