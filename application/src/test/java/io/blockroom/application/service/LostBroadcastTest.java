package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.domain.block.BlockId;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** When a broadcast is lost, whoever missed it is told what came of it. */
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
  void what_was_lost_is_told_behind_what_came_and_nobody_else_notices() {
    here.coordination.loseChanges(1);
    cat.asksFor(LOOP);
    cat.asksFor(INTRO);
    assertThat(ada.heard()).isEmpty();

    here.tendOnce();

    assertThat(ada.heard()).containsExactlyInAnyOrder("locked loop", "locked intro");
    assertThat(bob.heard()).containsExactlyInAnyOrder("locked loop", "locked intro");
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

    assertThat(ada.heard()).containsExactly("locked loop");
    assertThat(bob.heard()).containsExactly("locked loop");
  }

  @Test
  void an_answer_whose_broadcast_was_lost_comes_all_the_same_behind_what_led_to_it() {
    here.coordination.loseChanges(1);
    ada.asksFor(LOOP);
    assertThat(ada.heard()).isEmpty();

    here.tend();

    assertThat(ada.heard()).containsExactly("locked loop", "granted, held before []");
  }

  @Test
  void a_lost_commit_is_told() {
    here.coordination.loseChanges(1);
    cat.commits(LOOP, "<xml>1</xml>");

    here.tend();

    assertThat(ada.heard()).containsExactly("commit loop 1");
  }

  @Test
  void a_block_that_changed_hands_unheard_is_told_free_first() {
    cat.asksFor(LOOP);
    ada.forgets();
    here.coordination.loseChanges(2);
    cat.releases(LOOP);
    there.seat("maze", "Dan").asksFor(LOOP);

    here.tend();

    assertThat(ada.heard()).containsExactly("released loop, released", "joined Dan", "locked loop");
  }

  @Test
  @DisplayName("C15: what a server stored and died before telling, all have within three seconds")
  void a_commit_whose_server_dies_before_it_tells_is_told_by_the_others() {
    school.storage.afterNextStoring(there.coordination::crash);
    cat.commits(LOOP, "<xml>1</xml>");
    ada.forgets();
    bob.forgets();

    for (int i = 0; i < 5; i++) {
      here.tendOnce();
    }

    assertThat(ada.heard()).containsExactly("commit loop 1");
    assertThat(bob.heard()).containsExactly("commit loop 1");
  }

  @Test
  @DisplayName("C16: lost, doubled and reordered broadcasts show nobody a gap or a double")
  void whatever_becomes_of_broadcasts_everybody_hears_every_commit_once_in_order() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 1000; i++) {
      switch (random.nextInt(20)) {
        case 0 -> here.coordination.loseChanges(1 + random.nextInt(2));
        case 1 -> here.coordination.duplicateChanges(1);
        case 2 -> here.coordination.reorderChanges(1);
        case 3 -> here.tendOnce();
        default -> {}
      }
      (random.nextBoolean() ? bob : cat).commitsWithoutWorkspace(INTRO);
    }
    here.coordination.deliverChanges();
    here.tend();

    assertThat(ada.heard())
        .as("seed " + seed)
        .filteredOn(heard -> heard.startsWith("commit"))
        .isEqualTo(IntStream.rangeClosed(1, 1000).mapToObj(n -> "commit intro " + n).toList());
    assertThat(ada.heard()).as("seed " + seed).noneMatch(heard -> heard.startsWith("again"));
  }

  @Test
  void while_nothing_is_lost_nobody_is_told_anything() {
    cat.asksFor(LOOP);
    ada.forgets();

    here.tend();

    assertThat(ada.heard()).isEmpty();
  }
}
