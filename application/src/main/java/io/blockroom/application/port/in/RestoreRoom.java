package io.blockroom.application.port.in;

import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.room.RoomId;

/** Makes a room's workspace what it once was, without forgetting what came after. */
public interface RestoreRoom {
  /**
   * Winds the workspace back to a number, as new history under a new epoch; whoever is in the room
   * is shown it anew.
   *
   * @throws io.blockroom.application.port.out.StorageUnavailable if it is not known to be stored
   */
  Outcome restore(RoomId room, SequenceNumber to);

  /** What became of it. */
  sealed interface Outcome {
    /** The workspace is what it was. */
    record Restored(Epoch epoch, SequenceNumber last) implements Outcome {}

    /** The number is ahead of the room, or its state cannot be known any more. */
    record NoSuchSeq() implements Outcome {}

    /** There is no such room. */
    record NoSuchRoom() implements Outcome {}
  }
}
