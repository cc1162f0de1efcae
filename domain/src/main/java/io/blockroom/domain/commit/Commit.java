package io.blockroom.domain.commit;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.participant.ClientId;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * One finished gesture of a participant, offered to the room.
 *
 * @param block the block that the gesture was about
 * @param workspace the whole workspace after the gesture, if the client sent it
 * @param releases the blocks whose locks end with this commit
 */
public record Commit(
    ClientId by,
    BlockId block,
    EditEvents events,
    Optional<WorkspaceXml> workspace,
    Set<BlockId> releases) {
  public Commit {
    releases = Collections.unmodifiableSet(new LinkedHashSet<>(releases));
  }

  /** Every block that this commit edits: none of them may be locked by somebody else. */
  public Set<BlockId> touched() {
    Set<BlockId> all = new LinkedHashSet<>();
    all.add(block);
    all.addAll(events.touched());
    return Collections.unmodifiableSet(all);
  }

  /** Whether there is anything to store. */
  public boolean isDurable() {
    return !events.isEmpty() || workspace.isPresent();
  }
}
