package io.blockroom.domain.snapshot;

import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceState;
import io.blockroom.domain.commit.WorkspaceXml;
import java.util.Optional;

/**
 * A whole workspace as of one commit, in one of its forms or in both.
 *
 * @param seq the last commit that it contains
 */
public record WorkspaceSnapshot(
    SequenceNumber seq, Optional<WorkspaceXml> xml, Optional<WorkspaceState> state) {
  public WorkspaceSnapshot {
    if (xml.isEmpty() && state.isEmpty()) {
      throw new IllegalArgumentException("a snapshot without a form");
    }
  }

  public static WorkspaceSnapshot of(SequenceNumber seq, WorkspaceXml xml) {
    return new WorkspaceSnapshot(seq, Optional.of(xml), Optional.empty());
  }

  public static WorkspaceSnapshot of(SequenceNumber seq, WorkspaceState state) {
    return new WorkspaceSnapshot(seq, Optional.empty(), Optional.of(state));
  }
}
