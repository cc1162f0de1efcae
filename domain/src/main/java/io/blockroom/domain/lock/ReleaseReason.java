package io.blockroom.domain.lock;

/** Why a lock ended. */
public enum ReleaseReason {
  /** Its owner committed. */
  COMMITTED,
  /** Its owner let it go. */
  RELEASED,
  /** Nothing was heard of it for too long, or the coordination lost it. */
  EXPIRED,
  /** Its owner did nothing for too long. */
  IDLE,
  /** Its owner left, or their connection broke and they did not come back. */
  DISCONNECTED,
  /** Its owner's server died. */
  NODE_DOWN,
  /** Somebody with the right to do so ended it. */
  FORCED,
  /** Its owner gave it to somebody. */
  HANDOVER
}
