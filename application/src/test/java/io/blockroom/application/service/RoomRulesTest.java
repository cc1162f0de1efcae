package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.port.in.ChangeRoom.Change;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.EditEvents;
import io.blockroom.domain.lock.LockPolicy;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a room asks of edits. */
class RoomRulesTest {
  private static final BlockId LOOP = new BlockId("loop");
  private static final BlockId INTRO = new BlockId("intro");

  private final School school = new School();
  private final School.Server here = school.server();
  private final Pupil ada = here.seatOfV1("maze", "Ada");
  private final Pupil bob = school.server().seat("maze", "Bob");

  @BeforeEach
  void everybodyIsIn() {
    forgetAll();
  }

  @Test
  void where_locks_are_required_what_is_not_held_cannot_be_edited() {
    becomes(LockPolicy.REQUIRED, false);
    ada.asksFor(LOOP);
    forgetAll();

    ada.offers(ada.edit(LOOP, INTRO));
    bob.commitsWithoutWorkspace(INTRO);

    assertThat(ada.heard()).containsExactly("must hold [intro]");
    assertThat(bob.heard()).containsExactly("must hold [intro]");
  }

  @Test
  void where_locks_are_required_what_is_held_or_made_by_the_edit_itself_can_be_edited() {
    becomes(LockPolicy.REQUIRED, false);
    ada.asksFor(LOOP);
    forgetAll();

    ada.offers(
        ada.edit(LOOP).saying(new EditEvents("[{}]", Set.of(LOOP, INTRO), Set.of(INTRO), false)));

    assertThat(ada.heard()).endsWith("applied 1");
  }

  @Test
  void a_refused_edit_leaves_its_blocks_to_the_others() {
    becomes(LockPolicy.REQUIRED, false);
    ada.commitsWithoutWorkspace(LOOP);

    bob.asksFor(LOOP);

    assertThat(bob.heard()).endsWith("locked loop", "granted, held before []");
  }

  @Test
  void in_a_frozen_room_nothing_can_be_edited_until_it_thaws() {
    becomes(LockPolicy.ADVISORY, true);
    forgetAll();
    ada.offers(ada.edit(LOOP).named("c1"));

    becomes(LockPolicy.ADVISORY, false);
    ada.offers(ada.edit(LOOP).named("c1"));

    assertThat(ada.heard())
        .containsExactly(
            "frozen", "rules changed", "commit loop 1", "released loop, committed", "applied 1");
  }

  @Test
  void in_a_frozen_room_a_lock_can_be_let_go() {
    bob.asksFor(LOOP);
    becomes(LockPolicy.REQUIRED, true);
    forgetAll();

    bob.letsGo(LOOP);

    assertThat(bob.heard())
        .containsExactly("commit loop 0", "released loop, committed", "applied 0");
  }

  @Test
  void who_comes_later_is_shown_the_rules_as_they_are() {
    becomes(LockPolicy.REQUIRED, true);

    Pupil cat = here.seatOfV1("maze", "Cat");

    assertThat(cat.lastState().room().isFrozen()).isTrue();
    assertThat(cat.lastState().room().lockPolicy()).isEqualTo(LockPolicy.REQUIRED);
  }

  private void becomes(LockPolicy policy, boolean isFrozen) {
    assertThat(
            here.directory.change(
                ada.room(),
                new Change(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(policy),
                    Optional.of(isFrozen),
                    Optional.empty())))
        .isPresent();
  }

  private void forgetAll() {
    ada.forgets();
    bob.forgets();
  }
}
