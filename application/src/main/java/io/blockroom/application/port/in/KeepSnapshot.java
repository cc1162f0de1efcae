package io.blockroom.application.port.in;

import io.blockroom.domain.snapshot.WorkspaceSnapshot;

/** Keeps a snapshot of the workspace that a participant made, so that latecomers read less. */
public interface KeepSnapshot {
  /**
   * Keeps it unless it is older than the newest, or ahead of the room.
   *
   * @throws io.blockroom.application.port.out.StorageUnavailable if it is not known to be stored
   */
  Outcome keep(Seat seat, WorkspaceSnapshot snapshot);

  /** What became of it. */
  enum Outcome {
    /** It is the newest now. */
    KEPT,
    /** It is older than the newest, or ahead of the room. */
    STALE,
    /** The room does not exist any more. */
    NO_SUCH_ROOM
  }
}
