package io.blockroom.domain.commit;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.participant.ClientId;
import java.time.Instant;
import java.util.Optional;

/**
 * A commit as the log keeps it.
 *
 * @param events the array of Blockly events, verbatim
 * @param at when it was stored, by the storage's clock
 */
public record LoggedCommit(
    SequenceNumber seq,
    ClientId by,
    BlockId block,
    String events,
    Instant at,
    Optional<CommitId> id) {
  /** Whether a commit offered under the same name is this one: token and releases do not count. */
  public boolean isSameEditAs(Commit offered) {
    return block.equals(offered.block()) && events.equals(offered.events().json());
  }
}
