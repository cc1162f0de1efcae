package io.blockroom.application.port.out;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.Commit;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.EditEvents;
import io.blockroom.domain.commit.Proposal;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.participant.ClientId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A commit that a test offers to the log, with what a test wants to say of it.
 *
 * @param token the grant under which its author has every block that it touches
 * @param isReserved whether those blocks were reserved, not locked
 */
public record Edit(
    ClientId by,
    BlockId block,
    EditEvents events,
    Optional<WorkspaceXml> workspace,
    Optional<CommitId> id,
    Optional<SequenceNumber> base,
    long token,
    boolean isReserved) {
  private static final String MOVE = "[{\"type\":\"move\"}]";

  /** Ada moves a block. */
  public static Edit of(BlockId block) {
    return new Edit(
        StorageContract.ADA,
        block,
        EditEvents.of(MOVE, Set.of(block)),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        1,
        false);
  }

  /** Ada sends a commit without events. */
  public static Edit none(BlockId block) {
    return of(block).with(EditEvents.NONE);
  }

  public Edit by(ClientId other) {
    return new Edit(other, block, events, workspace, id, base, token, isReserved);
  }

  public Edit with(EditEvents others) {
    return new Edit(by, block, others, workspace, id, base, token, isReserved);
  }

  public Edit saying(String json) {
    return with(EditEvents.of(json, Set.of(block)));
  }

  public Edit touching(BlockId... blocks) {
    return with(EditEvents.of(MOVE, Set.of(blocks)));
  }

  public Edit showing(String xml) {
    Optional<WorkspaceXml> shown = Optional.of(new WorkspaceXml(xml));
    return new Edit(by, block, events, shown, id, base, token, isReserved);
  }

  public Edit named(String name) {
    Optional<CommitId> named = Optional.of(new CommitId(name));
    return new Edit(by, block, events, workspace, named, base, token, isReserved);
  }

  public Edit knowing(long seq) {
    Optional<SequenceNumber> known = Optional.of(new SequenceNumber(seq));
    return new Edit(by, block, events, workspace, id, known, token, isReserved);
  }

  public Edit under(long other) {
    return new Edit(by, block, events, workspace, id, base, other, isReserved);
  }

  public Edit reserved() {
    return new Edit(by, block, events, workspace, id, base, token, true);
  }

  /** The commit with its grants. */
  public Proposal proposal() {
    Optional<FencingToken> none = Optional.empty();
    Commit commit = new Commit(by, block, events, workspace, Set.of(), id, none, base);
    Map<BlockId, FencingToken> grants = new HashMap<>();
    commit.touched().forEach(touched -> grants.put(touched, new FencingToken(token)));
    return new Proposal(commit, grants, isReserved ? commit.touched() : Set.of());
  }
}
