package io.blockroom.application.port.in;

import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;

/** Shows a room's workspace as it once was. */
public interface ReadSnapshot {
  /**
   * The snapshot of that number, in all forms in which it is kept.
   *
   * @throws io.blockroom.application.port.out.StorageUnavailable if it cannot be read
   */
  Outcome read(RoomId room, SequenceNumber seq);

  /** What was found. */
  sealed interface Outcome {
    /** It is kept. */
    record Found(WorkspaceSnapshot snapshot) implements Outcome {}

    /** No snapshot of that number is kept. */
    record NoSuchSeq() implements Outcome {}

    /** There is no such room. */
    record NoSuchRoom() implements Outcome {}
  }
}
