package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.FencingToken;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who lost a block cannot commit over whoever has it now, however late they hear of it. */
class FencedCommitTest {
  private static final BlockId LOOP = new BlockId("loop");
  private static final BlockId INTRO = new BlockId("intro");
  private static final BlockId END = new BlockId("end");
  private static final int TRIALS = 500;

  private final School school = new School();
  private final School.Server here = school.server();
  private final School.Server there = school.server();
  private final Pupil ada = here.seatOfV1("maze", "Ada");
  private final Pupil bob = there.seatOfV1("maze", "Bob");

  @Test
  @DisplayName("C03: of 500 commits of holders whose server was frozen past its lease none stands")
  void a_frozen_holder_never_commits_over_its_successor() {
    Random random = new Random();
    for (int trial = 0; trial < TRIALS; trial++) {
      long seed = random.nextLong();
      assertThat(frozenHolderIsRefused(new Random(seed))).as("seed " + seed).isTrue();
    }
  }

  /** One trial: how the lease ends, who takes over what, and how far they have come by then. */
  private static boolean frozenHolderIsRefused(Random random) {
    School school = new School();
    School.Server frozen = school.server();
    Pupil holder =
        random.nextBoolean() ? frozen.seatOfV1("maze", "Ada") : frozen.seat("maze", "Ada");
    Pupil successor = school.server().seatOfV1("maze", "Bob");
    if (random.nextInt(4) > 0) {
      holder.asksFor(LOOP);
    }
    holder.forgets();
    if (random.nextBoolean()) {
      school.shared.forgetTokens(holder.room());
      holder.asksFor(INTRO);
    }

    school.beforeNextStoring(() -> {
      if (random.nextBoolean()) {
        frozen.coordination.crash();
      } else {
        frozen.coordination.endSeats(holder.room());
      }
      successor.asksFor(LOOP);
      if (random.nextBoolean()) {
        successor.commits(LOOP, "<xml>successor</xml>");
      }
      if (random.nextBoolean()) {
        successor.asksFor(LOOP);
      }
    });
    if (random.nextBoolean()) {
      holder.commits(LOOP, "<xml>holder</xml>");
    } else {
      holder.commits(END, "<xml>holder</xml>", LOOP);
    }

    assertThat(successor.heard()).contains("granted, held before []");
    return school.log(holder.room()).stream().noneMatch(commit -> commit.by().equals(holder.id()));
  }

  @Test
  void the_frozen_holder_is_told_that_its_grant_is_over() {
    ada.asksFor(LOOP);
    ada.forgets();
    school.beforeNextStoring(() -> {
      here.coordination.endSeats(ada.room());
      bob.asksFor(LOOP);
    });

    ada.commitsWithoutWorkspace(LOOP);

    assertThat(ada.heard()).containsExactly("seat lost", "fenced [loop]");
  }

  @Test
  void a_takeover_is_told_only_when_the_former_holder_is_barred() {
    ada.asksFor(LOOP);
    bob.forgets();
    here.coordination.crash();
    school.storage.loseStorage();

    assertThatThrownBy(() -> bob.asksFor(LOOP)).isInstanceOf(StorageUnavailable.class);
    assertThat(bob.heard()).containsExactly("released loop, node_down", "left, node_down");
    school.storage.restoreStorage();
    bob.asksFor(LOOP);

    assertThat(bob.heard()).endsWith("locked loop", "granted, held before []");
  }

  @Test
  void a_block_that_was_given_back_is_granted_without_the_storage() {
    ada.asksFor(LOOP);
    ada.releases(LOOP);
    school.storage.loseStorage();

    bob.asksFor(LOOP);

    assertThat(bob.heard()).endsWith("locked loop", "granted, held before []");
  }

  @Test
  void a_commit_has_unheld_blocks_to_itself_until_it_is_through() {
    bob.forgets();
    school.beforeNextStoring(() -> bob.asksFor(LOOP));

    ada.commitsWithoutWorkspace(LOOP);
    bob.asksFor(LOOP);

    assertThat(bob.heard())
        .containsExactly(
            "denied [loop of pupil-1]",
            "commit loop 1",
            "released loop, committed",
            "locked loop",
            "granted, held before []");
  }

  @Test
  void of_two_commits_on_one_unheld_block_both_stand_one_after_the_other() {
    ada.commitsWithoutWorkspace(LOOP);
    bob.commitsWithoutWorkspace(LOOP);

    assertThat(ada.heard()).contains("commit loop 1", "applied 1", "commit loop 2");
    assertThat(bob.heard()).contains("commit loop 1", "commit loop 2", "applied 2");
  }

  @Test
  void a_commit_under_an_older_token_than_its_authors_lock_is_fenced() {
    ada.asksFor(LOOP);
    FencingToken old = ada.token(LOOP);
    ada.releases(LOOP);
    ada.asksFor(LOOP);
    ada.forgets();

    ada.offers(ada.edit(LOOP).named("c1").under(old));
    ada.offers(ada.edit(LOOP).named("c2").under(ada.token(LOOP)));

    assertThat(ada.heard())
        .containsExactly("fenced [loop]", "commit loop 1", "released loop, committed", "applied 1");
  }

  @Test
  void a_commit_under_a_token_on_a_block_that_its_author_does_not_hold_any_more_is_fenced() {
    ada.asksFor(LOOP);
    FencingToken old = ada.token(LOOP);
    ada.releases(LOOP);
    ada.forgets();

    ada.offers(ada.edit(LOOP).under(old));

    assertThat(ada.heard()).containsExactly("fenced [loop]");
    bob.asksFor(LOOP);
    assertThat(bob.heard()).endsWith("granted, held before []");
  }

  @Test
  @DisplayName("C05: when the coordination lost its memory, locks get new tokens and go on")
  void a_coordination_that_lost_its_memory() {
    ada.asksFor(LOOP);
    FencingToken old = ada.token(LOOP);
    school.shared.forgetTokens(ada.room());
    ada.forgets();

    bob.asksFor(INTRO);
    assertThat(ada.heard()).containsExactly("locked loop", "locked intro");
    assertThat(old.isOlderThan(ada.token(LOOP))).isTrue();
    ada.offers(ada.edit(LOOP).under(old));
    ada.offers(ada.edit(LOOP).under(ada.token(LOOP)));

    assertThat(ada.heard()).contains("fenced [loop]").endsWith("applied 1");
  }
}
