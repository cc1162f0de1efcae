package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.domain.block.BlockId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** One foreign block refuses the whole commit. */
class RefusedCommitTest {
  private static final BlockId LOOP = new BlockId("loop");
  private static final BlockId INTRO = new BlockId("intro");
  private static final BlockId END = new BlockId("end");

  private final School school = new School();
  private final School.Server here = school.server();
  private final Pupil ada = here.seat("maze", "Ada");
  private final Pupil bob = school.server().seat("maze", "Bob");

  @BeforeEach
  void bobHoldsTwoBlocks() {
    bob.asksFor(LOOP, END);
    ada.forgets();
    bob.forgets();
  }

  @Test
  @DisplayName(
      "A11: one foreign block among the touched ones refuses the whole commit, with a list")
  void all_locks_in_the_way_are_named_and_nothing_is_stored_or_told() {
    ada.commits(INTRO, "<xml>bad</xml>", LOOP, END);

    assertThat(ada.heard()).containsExactly("refused [loop of pupil-2, end of pupil-2]");
    assertThat(bob.heard()).isEmpty();
    assertThat(school.log(ada.room())).isEmpty();
  }

  @Test
  void a_lock_of_the_author_stands_though_the_commit_that_was_to_free_it_is_refused() {
    ada.asksFor(INTRO);
    ada.commits(INTRO, "<xml>bad</xml>", LOOP);
    bob.forgets();

    bob.asksFor(INTRO);

    assertThat(bob.heard()).containsExactly("denied [intro of pupil-1]");
  }

  @Test
  void the_author_is_shown_the_room_again_behind_the_refusal() {
    ada.commits(LOOP, "<xml>bad</xml>");
    ada.isShownTheRoom();

    assertThat(ada.heard())
        .containsExactly("refused [loop of pupil-2]", "again, refused [Bob] [end, loop]");
    assertThat(bob.heard()).isEmpty();
  }

  @Test
  void an_edit_that_is_told_while_the_room_is_shown_again_comes_once() {
    ada.commits(LOOP, "<xml>bad</xml>");
    here.coordination.holdBackChanges();
    bob.commits(LOOP, "<xml>1</xml>");
    ada.isShownTheRoom();
    bob.commits(END, "<xml>2</xml>");

    here.coordination.deliverChanges();

    assertThat(ada.heard())
        .containsExactly(
            "refused [loop of pupil-2]",
            "again, refused [Bob] [end, loop] <xml>1</xml>",
            "released loop, committed",
            "commit end 2",
            "released end, committed");
  }

  @Test
  void a_refused_commit_leaves_no_gap_in_the_numbers() {
    ada.commits(LOOP, "<xml>bad</xml>");
    bob.commits(LOOP, "<xml>1</xml>");

    assertThat(bob.heard()).endsWith("applied 1");
  }

  @Test
  void whoever_asks_for_a_lock_while_being_shown_the_room_is_answered_in_the_rooms_order() {
    here.coordination.holdBackChanges();
    bob.letsGo(LOOP);
    ada.isShownTheRoom();
    ada.asksFor(LOOP);
    ada.asksFor(LOOP);

    here.coordination.deliverChanges();

    assertThat(ada.heard())
        .containsExactly(
            "again, refused [Bob] [end, loop]",
            "commit loop 0",
            "released loop, committed",
            "locked loop",
            "granted, held before []",
            "granted, held before [loop]");
  }
}
