package io.blockroom.domain.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.participant.ClientId;
import java.time.Duration;
import java.util.List;
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

  private static Commit commitOf(ClientId by, BlockId block, BlockId... touched) {
    EditEvents events = new EditEvents("[{}]", Set.of(touched), false);
    return new Commit(by, block, events, Optional.empty(), Set.of(block));
  }

  private static BlockLock lock(BlockId block, ClientId owner) {
    return new BlockLock(block, owner, Duration.ofSeconds(9));
  }
}
