package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.domain.block.BlockId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that was taken for dead tells its people so; they come back as others. */
class SeatsLostTest {
  private static final BlockId LOOP = new BlockId("loop");

  private final School school = new School();
  private final School.Server here = school.server();
  private final School.Server there = school.server();
  private final Pupil ada = here.seat("maze", "Ada");
  private final Pupil bob = here.seat("maze", "Bob");
  private final Pupil cat = there.seat("maze", "Cat");

  @BeforeEach
  void adaHoldsABlock() {
    ada.asksFor(LOOP);
    ada.forgets();
    bob.forgets();
    cat.forgets();
  }

  @Test
  void all_on_that_server_are_told_once_and_nothing_further() {
    here.coordination.endSeats(ada.room());
    cat.asksFor(LOOP);
    here.tend();

    assertThat(ada.heard()).containsExactly("seat lost");
    assertThat(bob.heard()).containsExactly("seat lost");
    assertThat(cat.heard())
        .containsExactly(
            "released loop, expired",
            "left, node_down",
            "left, node_down",
            "locked loop",
            "granted, held before []");
  }

  @Test
  void all_on_a_server_that_is_out_of_touch_are_told_at_once_and_once() {
    here.feeds.outOfTouch(ada.room());
    here.feeds.outOfTouch(ada.room());
    here.coordination.endSeats(ada.room());

    assertThat(ada.heard()).containsExactly("seat lost");
    assertThat(bob.heard()).containsExactly("seat lost");
  }

  @Test
  void whoever_asks_before_hearing_of_it_is_answered_that_the_seat_is_lost() {
    here.coordination.holdBackChanges();
    here.coordination.endSeats(ada.room());

    ada.asksFor(LOOP);
    bob.commits(LOOP, "<xml>1</xml>");

    assertThat(ada.heard()).containsExactly("no seat");
    assertThat(bob.heard()).containsExactly("no seat");
    assertThat(school.log(ada.room())).isEmpty();
  }

  @Test
  void a_commit_whose_author_loses_the_seat_while_it_is_stored_stands() {
    Pupil dan = here.seat("maze", "Dan");
    ada.forgets();
    dan.forgets();
    school.storage.afterNextStoring(ada::leaves);

    ada.commits(LOOP, "<xml>1</xml>");
    here.tend();

    assertThat(ada.heard()).containsExactly("applied 1");
    assertThat(dan.heard())
        .containsExactly(
            "released loop, disconnected",
            "left, left",
            "commit loop 1",
            "released loop, committed");
  }

  @Test
  void they_come_back_to_the_same_room() {
    here.coordination.endSeats(ada.room());
    ada.leaves();
    bob.leaves();

    Pupil again = here.seat("maze", "Ada");
    cat.asksFor(LOOP);

    assertThat(again.heard()).containsExactly("state [Cat] []", "locked loop");
    assertThat(again.id()).isNotEqualTo(ada.id());
  }
}
