package io.blockroom.domain.snapshot;

import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.SequenceNumber;
import java.util.List;
import java.util.Optional;

/**
 * The durable side of a room at one moment: the newest snapshot and every commit after it.
 *
 * @param seq the last commit; that of the snapshot if there is none after it
 * @param snapshot in one form; empty if none was ever stored in a form that the reader can read
 * @param tail every commit after the snapshot, in order, without gaps
 */
public record WorkspaceView(
    Epoch epoch,
    SequenceNumber seq,
    Optional<WorkspaceSnapshot> snapshot,
    List<LoggedCommit> tail) {
  public WorkspaceView {
    tail = List.copyOf(tail);
  }

  /** The last commit that the snapshot contains. */
  public SequenceNumber snapshotSeq() {
    return snapshot.map(WorkspaceSnapshot::seq).orElse(SequenceNumber.NONE);
  }
}
