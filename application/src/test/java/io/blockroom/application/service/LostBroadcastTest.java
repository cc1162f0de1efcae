package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.domain.block.BlockId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a broadcast is lost, whoever missed it is shown the room again. */
class LostBroadcastTest {
  private static final BlockId LOOP = new BlockId("loop");
  private static final BlockId INTRO = new BlockId("intro");

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
  void everybody_on_the_server_that_missed_it_is_shown_the_room_at_the_next_change() {
    here.coordination.loseChanges(1);
    cat.asksFor(LOOP);
    cat.asksFor(INTRO);

    here.feeds.tend();

    assertThat(ada.heard()).containsExactly("locked intro", "state [Bob, Cat] [intro, loop]");
    assertThat(bob.heard()).containsExactly("locked intro", "state [Ada, Cat] [intro, loop]");
    there.tend();
    assertThat(cat.heard())
        .containsExactly(
            "locked loop", "granted, held before []", "locked intro", "granted, held before []");
  }

  @Test
  void in_a_room_in_which_nothing_more_happens_it_is_noticed_too() {
    here.coordination.loseChanges(1);
    cat.asksFor(LOOP);

    here.tend();

    assertThat(ada.heard()).containsExactly("state [Bob, Cat] [loop]");
    assertThat(bob.heard()).containsExactly("state [Ada, Cat] [loop]");
  }

  @Test
  void an_answer_whose_broadcast_was_lost_comes_all_the_same_and_then_the_room() {
    here.coordination.loseChanges(1);
    ada.asksFor(LOOP);
    assertThat(ada.heard()).isEmpty();

    here.tend();

    assertThat(ada.heard()).containsExactly("granted, held before []", "state [Bob, Cat] [loop]");
  }

  @Test
  void a_lost_commit_is_shown() {
    here.coordination.loseChanges(1);
    cat.commits(LOOP, "<xml>1</xml>");

    here.tend();

    assertThat(ada.heard()).containsExactly("state [Bob, Cat] [] <xml>1</xml>");
  }

  @Test
  void while_nothing_is_lost_nobody_is_shown_anything() {
    cat.asksFor(LOOP);
    ada.forgets();

    here.tend();

    assertThat(ada.heard()).isEmpty();
  }
}
