package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.port.in.KeepSnapshot.Outcome;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceState;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** State is snapshot and tail: nobody's snapshot hides somebody else's edit. */
class SnapshotTest {
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
  void a_workspace_of_somebody_who_had_seen_everything_becomes_the_snapshot() {
    bob.commitsWithoutWorkspace(INTRO);
    ada.offers(ada.edit(LOOP).with("<xml>both</xml>").basedOn(1));

    assertThat(latecomer().heard()).containsExactly("state [Ada, Bob] [] <xml>both</xml>");
  }

  @Test
  void a_workspace_of_somebody_who_missed_an_edit_hides_it_from_nobody() {
    bob.offers(bob.edit(INTRO).with("<xml>intro</xml>").basedOn(0));
    bob.commitsWithoutWorkspace(INTRO);
    ada.offers(ada.edit(LOOP).with("<xml>without bob's</xml>").basedOn(1));

    assertThat(latecomer().heard()).containsExactly("state [Ada, Bob] [] <xml>intro</xml> +2 +3");
  }

  @Test
  void a_workspace_without_a_base_counts_as_of_its_own_number_as_in_the_seed_protocol() {
    bob.commitsWithoutWorkspace(INTRO);
    here.seat("maze", "Cat").commits(LOOP, "<xml>2</xml>");

    assertThat(latecomer().heard()).containsExactly("state [Ada, Bob, Cat] [] <xml>2</xml>");
  }

  @Test
  void a_workspace_without_events_counts_as_of_the_current_number_if_it_is_based_on_it() {
    bob.commitsWithoutWorkspace(INTRO);
    ada.offers(new Edit(ada.id(), LOOP).with("<xml>old</xml>").basedOn(0));
    assertThat(latecomer().heard()).containsExactly("state [Ada, Bob] [] +1");

    ada.offers(new Edit(ada.id(), LOOP).with("<xml>tidied</xml>").basedOn(1));

    assertThat(latecomer().heard().getFirst()).endsWith("<xml>tidied</xml>");
  }

  @Test
  void a_seed_latecomer_gets_the_newest_xml_and_what_came_after_it() {
    ada.offers(ada.edit(LOOP).with("<xml>1</xml>").basedOn(0));
    bob.commitsWithoutWorkspace(INTRO);
    bob.sends(state(2, "{\"2\":0}"));
    bob.commitsWithoutWorkspace(INTRO);

    assertThat(here.seat("maze", "Cat").heard())
        .containsExactly("state [Ada, Bob] [] <xml>1</xml> +2 +3");
  }

  @Test
  void a_latecomer_who_reads_both_forms_gets_the_newer_one() {
    ada.offers(ada.edit(LOOP).with("<xml>1</xml>").basedOn(0));
    bob.sends(state(1, "{\"1\":0}"));
    assertThat(latecomer().heard()).containsExactly("state [Ada, Bob] [] {\"1\":0}");

    ada.offers(ada.edit(LOOP).with("<xml>2</xml>").basedOn(1));

    assertThat(latecomer().heard().getFirst()).endsWith("<xml>2</xml>");
  }

  @Test
  @DisplayName("A10: a snapshot that is older than the newest, or ahead of the room, is stale")
  void a_snapshot_that_does_not_fit_is_stale_and_changes_nothing() {
    ada.commitsWithoutWorkspace(LOOP);
    ada.commitsWithoutWorkspace(LOOP);
    assertThat(ada.sends(both(2, "<xml>2</xml>", "{\"2\":0}"))).isEqualTo(Outcome.KEPT);

    assertThat(bob.sends(state(1, "{\"old\":0}"))).isEqualTo(Outcome.STALE);
    assertThat(bob.sends(state(3, "{\"ahead\":0}"))).isEqualTo(Outcome.STALE);

    assertThat(latecomer().heard().getFirst()).endsWith("{\"2\":0}");
  }

  @Test
  void a_snapshot_of_a_room_that_was_deleted_is_kept_nowhere() {
    here.directory.delete(ada.room());

    assertThat(ada.sends(state(0, "{}"))).isEqualTo(Outcome.NO_SUCH_ROOM);
  }

  @Test
  void when_the_tail_is_long_one_who_can_make_a_snapshot_is_asked_and_then_nobody() {
    Pupil seed = here.seat("maze", "Cat");
    commits(20);
    here.tend();

    assertThat(ada.heard()).containsOnlyOnce("snapshot wanted of 20");
    assertThat(seed.heard()).doesNotContain("snapshot wanted of 20");
    ada.sends(both(20, "<xml>20</xml>", "{\"20\":0}"));
    ada.forgets();
    here.tend();
    commits(10);
    here.tend();

    assertThat(ada.heard()).noneMatch(heard -> heard.startsWith("snapshot wanted"));
  }

  @Test
  void while_the_tail_is_short_nobody_is_asked() {
    commits(19);

    here.tend();

    assertThat(ada.heard()).noneMatch(heard -> heard.startsWith("snapshot wanted"));
  }

  @Test
  void who_was_asked_and_sends_nothing_is_not_the_only_one_to_be_asked() {
    Pupil cat = here.seatOfV1("maze", "Cat");
    commits(20);

    here.tend();
    here.tend();

    assertThat(ada.heard()).contains("snapshot wanted of 20");
    assertThat(cat.heard()).contains("snapshot wanted of 20");
  }

  private Pupil latecomer() {
    Pupil latecomer = here.seatOfV1("maze", "Late");
    latecomer.leaves();
    return latecomer;
  }

  private void commits(int count) {
    for (int i = 0; i < count; i++) {
      bob.commitsWithoutWorkspace(INTRO);
    }
  }

  private static WorkspaceSnapshot state(long seq, String json) {
    return WorkspaceSnapshot.of(new SequenceNumber(seq), new WorkspaceState(json));
  }

  private static WorkspaceSnapshot both(long seq, String xml, String json) {
    return new WorkspaceSnapshot(
        new SequenceNumber(seq),
        Optional.of(new WorkspaceXml(xml)),
        Optional.of(new WorkspaceState(json)));
  }

  private void forgetAll() {
    ada.forgets();
    bob.forgets();
  }
}
