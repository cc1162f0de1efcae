package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.SequenceNumber;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A room is wound back while people are in it. */
class RestoredRoomTest {
  private static final BlockId LOOP = new BlockId("loop");
  private static final BlockId INTRO = new BlockId("intro");

  private final School school = new School();
  private final School.Server here = school.server();
  private final School.Server there = school.server();
  private final Pupil ada = here.seatOfV1("maze", "Ada");
  private final Pupil bob = there.seatOfV1("maze", "Bob");
  private final Pupil cat = there.seat("maze", "Cat");

  @BeforeEach
  void twoEditsStand() {
    ada.offers(ada.edit(LOOP).with("<xml>1</xml>").basedOn(0));
    ada.commitsWithoutWorkspace(LOOP);
    forgetAll();
  }

  @Test
  void everybody_is_shown_the_room_as_it_was_and_goes_on_from_there() {
    ada.asksFor(INTRO);
    forgetAll();

    restore(1);
    tend();
    bob.commitsWithoutWorkspace(LOOP);

    assertThat(ada.heard())
        .containsExactly(
            "again, epoch_changed [Bob, Cat] [intro] <xml>1</xml>",
            "commit loop 4",
            "released loop, committed");
    assertThat(cat.heard())
        .containsExactly(
            "again, epoch_changed [Ada, Bob] [intro] <xml>1</xml>",
            "commit loop 4",
            "released loop, committed");
    assertThat(ada.lastState().workspace().seq()).isEqualTo(new SequenceNumber(3));
  }

  @Test
  void it_is_shown_once() {
    restore(1);
    tend();
    tend();

    assertThat(bob.heard()).hasSize(1);
  }

  @Test
  void commits_are_told_only_behind_the_new_state() {
    restore(1);
    bob.commitsWithoutWorkspace(LOOP);
    assertThat(ada.heard()).containsExactly("released loop, committed");

    tend();

    assertThat(ada.heard())
        .containsExactly(
            "released loop, committed", "again, epoch_changed [Bob, Cat] [] <xml>1</xml> +4");
  }

  @Test
  void a_commit_of_the_former_history_that_is_announced_late_is_not_told() {
    school.storage.afterNextStoring(() -> restore(1));

    bob.commitsWithoutWorkspace(LOOP);
    tend();

    assertThat(bob.heard()).contains("applied 3");
    assertThat(ada.heard())
        .containsExactly(
            "released loop, committed", "again, epoch_changed [Bob, Cat] [] <xml>1</xml>");
  }

  @Test
  void who_did_not_hear_of_it_finds_it_in_the_log() {
    there.coordination.loseChanges(1);
    restore(1);
    assertThat(bob.heard()).isEmpty();

    tend();

    assertThat(bob.heard()).containsExactly("again, epoch_changed [Ada, Cat] [] <xml>1</xml>");
  }

  @Test
  void a_snapshot_of_the_former_history_is_stale() {
    restore(1);

    ada.offers(ada.edit(LOOP).with("<xml>of the former history</xml>").basedOn(2));
    Pupil dan = here.seatOfV1("maze", "Dan");

    assertThat(dan.heard()).containsExactly("state [Ada, Bob, Cat] [] <xml>1</xml> +4");
  }

  @Test
  void what_was_there_before_stays_in_the_log() {
    restore(1);

    assertThat(school.log(ada.room())).hasSize(3);
  }

  private void restore(long seq) {
    var _ = here.history.restore(ada.room(), new SequenceNumber(seq));
  }

  private void tend() {
    here.tend();
    there.tend();
  }

  private void forgetAll() {
    ada.forgets();
    bob.forgets();
    cat.forgets();
  }
}
