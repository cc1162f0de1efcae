package io.blockroom.application.port.in;

import io.blockroom.domain.block.BlockId;

/** Ends a lock, whoever has it. */
public interface ForceRelease {
  /**
   * Frees the block; everybody in the room is told, and what the former owner commits on it without
   * locking it anew is refused.
   *
   * @param room the name of the room as it was written
   * @throws io.blockroom.application.port.out.StorageUnavailable if nothing can be read
   * @throws io.blockroom.application.port.out.CoordinationUnavailable if there is no answer
   */
  Outcome force(String room, BlockId block);

  /** What became of it. */
  enum Outcome {
    /** The block is free. */
    FREED,
    /** Nobody held it. */
    NOT_HELD,
    /** There is no such room. */
    NO_SUCH_ROOM
  }
}
