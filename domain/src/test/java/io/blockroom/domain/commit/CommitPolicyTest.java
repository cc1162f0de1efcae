package io.blockroom.domain.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.lock.Fence;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.lock.LockPolicy;
import io.blockroom.domain.participant.ClientId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CommitPolicyTest {
  private static final ClientId ADA = new ClientId("ada");
  private static final ClientId BOB = new ClientId("bob");
  private static final BlockId B1 = new BlockId("b1");
  private static final BlockId B2 = new BlockId("b2");
  private static final BlockId B3 = new BlockId("b3");

  @Test
  void a_commit_on_the_own_blocks_stands() {
    assertThat(CommitPolicy.decide(commitOf(ADA, B1, B2), List.of(lock(B1, ADA), lock(B2, ADA))))
        .isEqualTo(new CommitDecision.Accepted());
  }

  @Test
  void a_commit_on_blocks_that_nobody_holds_stands() {
    assertThat(CommitPolicy.decide(commitOf(ADA, B1, B2), List.of()))
        .isEqualTo(new CommitDecision.Accepted());
  }

  @Test
  void a_commit_about_somebody_elses_block_is_refused() {
    assertThat(CommitPolicy.decide(commitOf(ADA, B1), List.of(lock(B1, BOB))))
        .isEqualTo(new CommitDecision.Refused(List.of(lock(B1, BOB))));
  }

  @Test
  void one_foreign_block_among_the_events_refuses_the_whole_commit_and_each_is_named() {
    assertThat(
            CommitPolicy.decide(
                commitOf(ADA, B1, B2, B3), List.of(lock(B1, ADA), lock(B2, BOB), lock(B3, BOB))))
        .isEqualTo(new CommitDecision.Refused(List.of(lock(B2, BOB), lock(B3, BOB))));
  }

  @Test
  void a_foreign_lock_on_an_untouched_block_is_no_obstacle() {
    assertThat(CommitPolicy.decide(commitOf(ADA, B1), List.of(lock(B2, BOB))))
        .isEqualTo(new CommitDecision.Accepted());
  }

  @Test
  void a_commit_under_a_grant_that_is_over_is_fenced() {
    BlockLock renewed = new BlockLock(B1, ADA, new FencingToken(8), Duration.ofSeconds(9));

    assertThat(CommitPolicy.decide(under(7, commitOf(ADA, B1)), List.of(renewed)))
        .isEqualTo(new CommitDecision.Fenced(Set.of(B1)));
    assertThat(CommitPolicy.decide(under(7, commitOf(ADA, B1)), List.of()))
        .isEqualTo(new CommitDecision.Fenced(Set.of(B1)));
    assertThat(CommitPolicy.decide(under(8, commitOf(ADA, B1)), List.of(renewed)))
        .isEqualTo(new CommitDecision.Accepted());
  }

  @Test
  void a_later_grant_of_company_is_good_for_a_block_that_was_held_before() {
    BlockLock before = new BlockLock(B1, ADA, new FencingToken(5), Duration.ofSeconds(9));

    assertThat(CommitPolicy.decide(under(9, commitOf(ADA, B1)), List.of(before)))
        .isEqualTo(new CommitDecision.Accepted());
  }

  @Test
  void a_fence_admits_its_owner_and_later_grants_only() {
    Proposal sixth = proposal(commitOf(ADA, B1), 6, Set.of());

    assertThat(admit(sixth)).isEqualTo(new CommitDecision.Accepted());
    assertThat(admit(sixth, new Fence(B1, new FencingToken(5), Optional.of(BOB))))
        .isEqualTo(new CommitDecision.Accepted());
    assertThat(admit(sixth, new Fence(B1, new FencingToken(6), Optional.of(ADA))))
        .isEqualTo(new CommitDecision.Accepted());
    assertThat(admit(sixth, new Fence(B1, new FencingToken(6), Optional.of(BOB))))
        .isEqualTo(new CommitDecision.Fenced(Set.of(B1)));
    assertThat(admit(sixth, Fence.bar(B1, new FencingToken(6))))
        .isEqualTo(new CommitDecision.Fenced(Set.of(B1)));
    assertThat(admit(sixth, new Fence(B1, new FencingToken(7), Optional.of(ADA))))
        .isEqualTo(new CommitDecision.Fenced(Set.of(B1)));
  }

  @Test
  void every_fenced_block_is_named() {
    assertThat(
            admit(
                proposal(commitOf(ADA, B1, B2, B3), 6, Set.of()),
                Fence.bar(B1, new FencingToken(6)),
                Fence.bar(B3, new FencingToken(9))))
        .isEqualTo(new CommitDecision.Fenced(Set.of(B1, B3)));
  }

  @Test
  void a_token_from_before_the_coordination_lost_its_memory_is_fenced() {
    assertThat(
            CommitPolicy.admit(
                proposal(commitOf(ADA, B1), 6, Set.of()),
                false,
                LockPolicy.ADVISORY,
                new FencingToken(7),
                Map.of()))
        .isEqualTo(new CommitDecision.Fenced(Set.of(B1)));
  }

  @Test
  void a_room_that_requires_locks_refuses_blocks_that_were_not_and_are_not_created() {
    EditEvents creation = new EditEvents("[{}]", Set.of(B1, B2), Set.of(B2), false);
    Commit commit = new Commit(ADA, B1, creation, Optional.empty(), Set.of());

    assertThat(required(proposal(commit, 6, Set.of(B1, B2))))
        .isEqualTo(new CommitDecision.NotHeld(Set.of(B1)));
    assertThat(required(proposal(commit, 6, Set.of(B2)))).isEqualTo(new CommitDecision.Accepted());
  }

  @Test
  void nothing_changes_in_a_frozen_room() {
    assertThat(
            CommitPolicy.admit(
                proposal(commitOf(ADA, B1), 6, Set.of()),
                true,
                LockPolicy.ADVISORY,
                new FencingToken(1),
                Map.of()))
        .isEqualTo(new CommitDecision.Frozen());
  }

  private static CommitDecision admit(Proposal proposal, Fence... fences) {
    Map<BlockId, Fence> byBlock = new HashMap<>();
    List.of(fences).forEach(fence -> byBlock.put(fence.block(), fence));
    return CommitPolicy.admit(proposal, false, LockPolicy.ADVISORY, new FencingToken(1), byBlock);
  }

  private static CommitDecision required(Proposal proposal) {
    return CommitPolicy.admit(proposal, false, LockPolicy.REQUIRED, new FencingToken(1), Map.of());
  }

  private static Proposal proposal(Commit commit, long token, Set<BlockId> reserved) {
    Map<BlockId, FencingToken> grants = new HashMap<>();
    commit.touched().forEach(block -> grants.put(block, new FencingToken(token)));
    return new Proposal(commit, grants, reserved);
  }

  private static Commit under(long token, Commit commit) {
    return new Commit(
        commit.by(),
        commit.block(),
        commit.events(),
        commit.workspace(),
        commit.releases(),
        commit.id(),
        Optional.of(new FencingToken(token)),
        commit.base());
  }

  private static Commit commitOf(ClientId by, BlockId block, BlockId... touched) {
    EditEvents events = EditEvents.of("[{}]", Set.of(touched));
    return new Commit(by, block, events, Optional.empty(), Set.of(block));
  }

  private static BlockLock lock(BlockId block, ClientId owner) {
    return new BlockLock(block, owner, new FencingToken(1), Duration.ofSeconds(9));
  }
}
