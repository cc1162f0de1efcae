package io.blockroom.domain.room;

/** Why somebody's seat is free again. */
public enum LeaveReason {
  /** They left. */
  LEFT,
  /** Their connection broke and they did not come back in time. */
  TIMEOUT,
  /** The server that they were connected to died, or lost touch with the others. */
  NODE_DOWN
}
