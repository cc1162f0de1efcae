package io.blockroom.domain.commit;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.FencingToken;
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
 * @param id the name under which it may be offered again
 * @param token the grant of {@code block} that the author believes to hold
 * @param base the last commit that the author had seen, if it says so
 */
public record Commit(
    ClientId by,
    BlockId block,
    EditEvents events,
    Optional<WorkspaceXml> workspace,
    Set<BlockId> releases,
    Optional<CommitId> id,
    Optional<FencingToken> token,
    Optional<SequenceNumber> base) {
  public Commit {
    releases = Collections.unmodifiableSet(new LinkedHashSet<>(releases));
  }

  /** A commit without a name, as clients of the seed protocol offer it. */
  public Commit(
      ClientId by,
      BlockId block,
      EditEvents events,
      Optional<WorkspaceXml> workspace,
      Set<BlockId> releases) {
    this(
        by,
        block,
        events,
        workspace,
        releases,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
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

  /**
   * The workspace, if it shows the room as of a number: whoever says what they had seen must have
   * seen all that came before this commit.
   *
   * @param seq the number of this commit, or the current one if it has no events
   */
  public Optional<WorkspaceXml> workspaceAt(SequenceNumber seq) {
    long before = events.isEmpty() ? seq.value() : seq.value() - 1;
    return base.map(SequenceNumber::value).orElse(before) == before ? workspace : Optional.empty();
  }
}
