package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.domain.block.BlockId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two pupils, one block, one crash. */
class TwoPupilsOneBlockTest {
  private static final BlockId LOOP = new BlockId("loop[%]");
  private static final BlockId INTRO = new BlockId("intro:{*}");

  private final School school = new School();
  private final School.Server here = school.server();
  private final School.Server there = school.server();
  private final Pupil ada = here.seat("maze", "Ada");
  private final Pupil bob = there.seat("maze", "Bob");

  @BeforeEach
  void everybodyIsIn() {
    ada.forgets();
    bob.forgets();
  }

  @Test
  void the_first_to_ask_gets_the_block_and_the_second_hears_why_not() {
    bob.asksFor(LOOP);
    ada.asksFor(LOOP);

    assertThat(bob.heard()).containsExactly("locked loop[%]", "granted, held before []");
    assertThat(ada.heard()).containsExactly("locked loop[%]", "denied [loop[%] of pupil-2]");
  }

  @Test
  void a_crash_frees_the_block_and_then_it_can_be_had() {
    bob.asksFor(LOOP);
    ada.forgets();

    there.coordination.crash();
    ada.asksFor(LOOP);

    assertThat(ada.heard())
        .containsExactly(
            "released loop[%], node_down",
            "left, node_down", "locked loop[%]", "granted, held before []");
  }

  @Test
  void leaving_frees_all_blocks_before_the_others_are_told_of_it() {
    bob.asksFor(LOOP, INTRO);
    ada.forgets();

    bob.leaves();

    assertThat(ada.heard())
        .containsExactly(
            "released loop[%], disconnected", "released intro:{*}, disconnected", "left, left");
  }

  @Test
  void a_block_that_is_mine_is_granted_again_and_nobody_is_told() {
    bob.asksFor(LOOP);
    ada.forgets();
    bob.forgets();

    bob.asksFor(LOOP);

    assertThat(bob.heard()).containsExactly("granted, held before [loop[%]]");
    assertThat(ada.heard()).isEmpty();
  }

  @Test
  void of_a_group_all_are_granted_or_none() {
    bob.asksFor(LOOP);
    ada.forgets();

    ada.asksFor(INTRO, LOOP);

    assertThat(ada.heard()).containsExactly("denied [loop[%] of pupil-2]");
    assertThat(bob.heard()).doesNotContain("locked intro:{*}");
  }

  @Test
  void an_answer_waits_for_the_change_that_led_to_it() {
    here.coordination.holdBackChanges();
    bob.asksFor(LOOP);
    ada.asksFor(LOOP);
    assertThat(ada.heard()).isEmpty();

    here.coordination.deliverChanges();

    assertThat(ada.heard()).containsExactly("locked loop[%]", "denied [loop[%] of pupil-2]");
  }

  @Test
  void a_commit_is_told_to_all_before_the_block_is_told_free() {
    bob.asksFor(LOOP);
    ada.forgets();
    bob.forgets();

    bob.commits(LOOP, "<xml>1</xml>");

    assertThat(ada.heard()).containsExactly("commit loop[%] 1", "released loop[%], committed");
    assertThat(bob.heard())
        .containsExactly("commit loop[%] 1", "released loop[%], committed", "applied 1");
  }

  @Test
  void a_block_is_let_go_by_a_commit_without_events() {
    bob.asksFor(LOOP);
    ada.forgets();

    bob.letsGo(LOOP);

    assertThat(ada.heard()).containsExactly("commit loop[%] 0", "released loop[%], committed");
    assertThat(school.log(bob.room())).isEmpty();
  }
}
