package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.presence.Presence;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Ada holds a block and does nothing (G5). */
class IdleLocksTest {
  private static final BlockId LOOP = new BlockId("loop[%]");
  private static final BlockId INTRO = new BlockId("intro:{*}");

  private final School school = new School();
  private final School.Server here = school.server();
  private final School.Server there = school.server();
  private final Pupil ada = here.seatOfV1("maze", "Ada");
  private final Pupil bob = there.seat("maze", "Bob");

  @Test
  @DisplayName("G5: the lock of somebody who does nothing is freed, and all are told why")
  void the_lock_of_somebody_who_does_nothing_is_freed() {
    ada.asksFor(LOOP);
    ada.forgets();
    bob.forgets();
    school.clock.advance(School.IDLE_TIMEOUT);

    here.tendOnce();

    assertThat(ada.heard()).containsExactly("released loop[%], idle");
    assertThat(bob.heard()).containsExactly("released loop[%], idle");
  }

  @Test
  void whoever_does_something_keeps_their_lock() {
    ada.asksFor(LOOP);
    school.clock.advance(School.IDLE_TIMEOUT.minusMillis(1));
    here.whereabouts.show(ada.seat(), Presence.UNKNOWN);
    school.clock.advance(School.IDLE_TIMEOUT.minusMillis(1));
    ada.commitsWithoutWorkspace(INTRO);
    school.clock.advance(School.IDLE_TIMEOUT.minusMillis(1));

    here.tendOnce();

    assertThat(bob.heard()).doesNotContain("released loop[%], idle");
  }

  @Test
  void signs_of_life_keep_no_lock() {
    ada.asksFor(LOOP);
    school.clock.advance(School.IDLE_TIMEOUT);
    here.whereabouts.keep(ada.seat(), true);

    here.tendOnce();

    assertThat(bob.heard()).endsWith("released loop[%], idle");
  }

  @Test
  @DisplayName("G4: after somebody else has it, a commit under the idle lock does not stand")
  void what_is_committed_under_a_lock_that_was_freed_and_taken_is_fenced() {
    ada.asksFor(LOOP);
    school.clock.advance(School.IDLE_TIMEOUT);
    here.tendOnce();
    bob.asksFor(LOOP);
    bob.commitsWithoutWorkspace(LOOP);
    ada.forgets();

    ada.offers(ada.edit(LOOP).under(ada.token(LOOP)).named("late"));

    assertThat(ada.heard()).noneMatch(said -> said.startsWith("applied"));
    assertThat(school.log(ada.room())).hasSize(1);
  }

  @Test
  void what_cannot_be_freed_now_is_freed_later() {
    ada.asksFor(LOOP);
    school.clock.advance(School.IDLE_TIMEOUT);
    here.coordination.cutOff();
    here.tendOnce();
    here.coordination.reconnect();

    here.tendOnce();

    assertThat(bob.heard()).endsWith("released loop[%], idle");
  }
}
