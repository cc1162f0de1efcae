package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.Seats;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;
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
    Pupil dan = new Pupil(here);

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
    assertThat(school.workspaces.newest(ada.seat().room())).isEmpty();
  }

  @Test
  void on_its_return_the_refused_author_is_shown_the_room_again() {
    here.coordination.cutOff();
    ada.commits(LOOP, "<xml>1</xml>");
    here.tend();
    here.coordination.reconnect();
    here.tend();

    assertThat(ada.heard()).containsExactly("unavailable []", "state [Bob, Cat] []");
    assertThat(bob.heard()).isEmpty();
  }

  @Test
  void a_commit_that_was_stored_but_not_announced_is_shown_to_everybody() {
    school.afterNextStoring(here.coordination::cutOff);
    ada.commits(LOOP, "<xml>1</xml>");
    here.coordination.reconnect();
    here.tend();

    assertThat(ada.heard()).containsExactly("unavailable []", "state [Bob, Cat] [] <xml>1</xml>");
    assertThat(bob.heard()).containsExactly("state [Ada, Cat] [] <xml>1</xml>");
  }

  @Test
  void a_commit_that_was_stored_but_not_announced_is_shown_even_if_its_author_has_gone() {
    school.afterNextStoring(here.coordination::cutOff);
    ada.commits(LOOP, "<xml>1</xml>");
    ada.leaves();
    here.coordination.reconnect();
    here.tend();

    assertThat(bob.heard()).containsExactly("state [Ada, Cat] [] <xml>1</xml>", "left");
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

    assertThat(cat.heard()).containsExactly("released loop", "left");
  }

  @Test
  void a_sign_of_life_that_cannot_be_noted_is_dropped() {
    here.coordination.cutOff();

    assertThatCode(() -> here.presence.keep(ada.seat())).doesNotThrowAnyException();
  }

  @Test
  void a_seat_that_was_taken_though_the_answer_was_lost_is_given_back() {
    School.Server unsure =
        school.server(seats -> new School.SeatsAtAPrice(seats, CoordinationAwayTest::loseAnswer));
    Pupil dan = new Pupil(unsure);

    assertThatThrownBy(() -> dan.triesToEnter("maze", "Dan"))
        .isInstanceOf(CoordinationUnavailable.class);

    assertThat(cat.heard()).containsExactly("joined Dan", "left");
  }

  @Test
  void a_seat_that_is_taken_after_it_was_given_up_is_given_up_again() {
    LateTaking[] late = new LateTaking[1];
    School.Server slow = school.server(seats -> late[0] = new LateTaking(seats));
    Pupil dan = new Pupil(slow);
    assertThatThrownBy(() -> dan.triesToEnter("maze", "Dan"))
        .isInstanceOf(CoordinationUnavailable.class);
    late[0].takeNow.run();
    assertThat(cat.heard()).containsExactly("joined Dan");

    slow.tend();

    assertThat(cat.heard()).containsExactly("joined Dan", "left");
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
    public void giveUp(RoomId room, ClientId clientId) {
      seats.giveUp(room, clientId);
    }

    @Override
    public RoomView look(RoomId room) {
      return seats.look(room);
    }

    @Override
    public int taken(RoomId room) {
      return seats.taken(room);
    }

    @Override
    public void refresh(RoomId room, ClientId clientId) {
      seats.refresh(room, clientId);
    }
  }
}
