package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.EditEvents;
import io.blockroom.domain.room.RoomEvent.CommitApplied;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A commit that is offered again under its name stands once, and whoever asks is told where. */
class SafeRepeatTest {
  private static final BlockId LOOP = new BlockId("loop");
  private static final BlockId INTRO = new BlockId("intro");

  private final School school = new School();
  private final School.Server here = school.server();
  private final School.Server there = school.server();
  private final Pupil ada = here.seatOfV1("maze", "Ada");
  private final Pupil bob = there.seatOfV1("maze", "Bob");

  @BeforeEach
  void everybodyIsIn() {
    forgetAll();
  }

  @Test
  @DisplayName("A12: offered ten times, a commit stands once and is told once")
  void on_the_same_server() {
    for (int i = 0; i < 10; i++) {
      ada.offers(ada.edit(LOOP).named("c1").keepingTheLock());
    }

    assertThat(ada.heard().subList(0, 3))
        .containsExactly("commit loop 1", "applied 1", "applied before 1");
    assertThat(ada.heard()).filteredOn("applied before 1"::equals).hasSize(9);
    assertThat(bob.heard()).containsExactly("commit loop 1");
    assertThat(school.log(ada.room())).hasSize(1);
  }

  @Test
  @DisplayName("A12: offered again on another server, it has the first number")
  void on_another_server() {
    ada.offers(ada.edit(LOOP).named("c1"));
    ada.offers(ada.edit(INTRO).named("c2"));
    ada.breaksOff();

    Pupil again = ada.comesBackTo(there);
    again.offers(again.edit(LOOP).named("c1"));

    assertThat(again.heard()).endsWith("applied before 1");
    assertThat(school.log(ada.room())).hasSize(2);
  }

  @Test
  void after_the_lock_under_which_it_was_made_is_somebody_elses() {
    ada.asksFor(LOOP);
    ada.offers(ada.edit(LOOP).named("c1").under(ada.token(LOOP)));
    bob.asksFor(LOOP);
    ada.forgets();

    ada.offers(ada.edit(LOOP).named("c1"));

    assertThat(ada.heard()).containsExactly("applied before 1");
  }

  @Test
  void under_a_token_whose_grant_is_over() {
    ada.asksFor(LOOP);
    Edit first = ada.edit(LOOP).named("c1").under(ada.token(LOOP));
    ada.offers(first);
    ada.asksFor(LOOP);
    ada.forgets();

    ada.offers(first);

    assertThat(ada.heard()).contains("applied before 1").doesNotContain("fenced [loop]");
  }

  @Test
  @DisplayName("A12: another edit under the same name is refused, wherever")
  void another_edit_under_the_same_name_is_refused() {
    ada.offers(ada.edit(LOOP).named("c1"));
    forgetAll();

    ada.offers(ada.edit(INTRO).named("c1"));
    bob.offers(bob.edit(LOOP).saying(EditEvents.of("[{\"x\":1}]", Set.of())).named("c1"));

    assertThat(ada.heard()).containsExactly("mismatch");
    assertThat(bob.heard()).containsExactly("mismatch");
    assertThat(school.log(ada.room())).hasSize(1);
  }

  @Test
  void another_edit_under_the_same_name_on_somebody_elses_block_is_refused_as_such() {
    ada.offers(ada.edit(LOOP).named("c1"));
    bob.asksFor(INTRO);
    ada.forgets();

    ada.offers(ada.edit(INTRO).named("c1"));

    assertThat(ada.heard()).containsExactly("mismatch");
  }

  @Test
  void the_body_is_the_block_and_the_events_and_nothing_else() {
    ada.asksFor(LOOP);
    ada.offers(ada.edit(LOOP).named("c1").keepingTheLock().basedOn(0));

    ada.offers(ada.edit(LOOP).named("c1").under(ada.token(LOOP)).with("<xml/>").basedOn(1));

    assertThat(ada.heard()).endsWith("released loop, committed", "applied before 1");
    assertThat(ada.heard()).filteredOn("commit loop 1"::equals).hasSize(1);
  }

  @Test
  @DisplayName("G3: a commit whose answer was lost is found by offering it again")
  void a_commit_whose_answer_was_lost_is_found() {
    school.storage.loseNextAnswer();
    ada.offers(ada.edit(LOOP).named("c1"));

    ada.offers(ada.edit(LOOP).named("c1"));

    assertThat(ada.heard())
        .containsExactly(
            "unavailable []", "commit loop 1", "released loop, committed", "applied before 1");
    assertThat(bob.heard()).containsExactly("commit loop 1", "released loop, committed");
  }

  @Test
  @DisplayName("G3: a commit that was refused for want of storage stands when it is repeated")
  void a_commit_that_was_not_stored_is_stored() {
    school.storage.loseStorage();
    ada.offers(ada.edit(LOOP).named("c1"));
    school.storage.restoreStorage();

    ada.offers(ada.edit(LOOP).named("c1"));

    assertThat(ada.heard())
        .containsExactly(
            "unavailable []", "commit loop 1", "released loop, committed", "applied 1");
  }

  @Test
  @DisplayName("C14: a server that dies behind the storing leaves a commit that stands once")
  void a_server_that_dies_before_it_answers() {
    school.storage.afterNextStoring(here.coordination::crash);
    ada.offers(ada.edit(LOOP).named("c1"));

    Pupil again = ada.comesBackTo(there);
    again.offers(again.edit(LOOP).named("c1"));
    there.tend();

    assertThat(again.heard()).contains("applied before 1");
    assertThat(bob.heard()).filteredOn("commit loop 1"::equals).hasSize(1);
    assertThat(school.log(ada.room())).hasSize(1);
  }

  @Test
  void a_commit_that_is_repeated_by_somebody_new_stays_its_authors() {
    school.storage.loseNextAnswer();
    ada.offers(ada.edit(LOOP).named("c1"));
    ada.leaves();
    forgetAll();

    Pupil again = ada.comesBackTo(there);
    bob.forgets();
    again.asksFor(LOOP);
    again.offers(again.edit(LOOP).named("c1"));

    assertThat(again.heard()).endsWith("released loop, committed", "applied before 1");
    assertThat(bob.heard())
        .containsExactly(
            "locked loop", "commit loop 1", "commit loop 0", "released loop, committed");
    assertThat(bob.commitsHeard())
        .extracting(CommitApplied::by)
        .containsExactly(ada.id(), again.id());
  }

  private void forgetAll() {
    ada.forgets();
    bob.forgets();
  }
}
