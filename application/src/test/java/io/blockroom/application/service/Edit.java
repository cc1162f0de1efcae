package io.blockroom.application.service;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.Commit;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.EditEvents;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.participant.ClientId;
import java.util.Optional;
import java.util.Set;

/** A commit in the making; unless it is said otherwise it lets go of its block. */
final class Edit {
  private final ClientId by;
  private final BlockId block;
  private EditEvents events = EditEvents.NONE;
  private Optional<WorkspaceXml> workspace = Optional.empty();
  private Set<BlockId> releases;
  private Optional<CommitId> id = Optional.empty();
  private Optional<FencingToken> token = Optional.empty();
  private Optional<SequenceNumber> base = Optional.empty();

  Edit(ClientId by, BlockId block) {
    this.by = by;
    this.block = block;
    releases = Set.of(block);
  }

  Edit saying(EditEvents what) {
    events = what;
    return this;
  }

  Edit with(String xml) {
    workspace = Optional.of(new WorkspaceXml(xml));
    return this;
  }

  Edit keepingTheLock() {
    releases = Set.of();
    return this;
  }

  Edit named(String name) {
    id = Optional.of(new CommitId(name));
    return this;
  }

  Edit under(FencingToken grant) {
    token = Optional.of(grant);
    return this;
  }

  Edit basedOn(long seq) {
    base = Optional.of(new SequenceNumber(seq));
    return this;
  }

  Commit commit() {
    return new Commit(by, block, events, workspace, releases, id, token, base);
  }
}
