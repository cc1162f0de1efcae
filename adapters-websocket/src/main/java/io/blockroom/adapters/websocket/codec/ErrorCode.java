package io.blockroom.adapters.websocket.codec;

/** Why a request is refused; name and text are the protocol's (docs/protocol.md). */
public enum ErrorCode {
  /** Not a message of the protocol: broken text, a missing field, a field of the wrong form. */
  BAD_MESSAGE(false, "The message cannot be understood."),
  /** A well-formed message of a type that a client cannot send. */
  UNKNOWN_TYPE(false, "There is no such message."),
  /** More blocks, events or text than one message may carry. */
  TOO_LARGE(false, "The message is too large."),
  FORBIDDEN(false, "You may not do this."),
  ROOM_NOT_FOUND(false, "There is no such room."),
  ROOM_FROZEN(true, "The room is frozen."),
  LOCKED(true, "Somebody else holds a block."),
  LOCK_NOT_HELD(false, "You do not hold the lock."),
  LOCK_LIMIT(true, "It would be too many locks."),
  QUEUE_FULL(true, "Too many wait already."),
  QUEUE_TIMEOUT(true, "Your turn did not come."),
  FENCED(false, "Your lock was over before the commit came."),
  CID_MISMATCH(false, "Another commit has this cid."),
  STALE_SNAPSHOT(false, "The snapshot is not of the newest state."),
  RATE_LIMITED(true, "Too many requests."),
  STORAGE_UNAVAILABLE(true, "The storage does not answer."),
  COORDINATION_UNAVAILABLE(true, "The coordination does not answer.");

  private final boolean isRetryable;
  private final String text;

  ErrorCode(boolean isRetryable, String text) {
    this.isRetryable = isRetryable;
    this.text = text;
  }

  /** Whether the same request may succeed later. */
  public boolean isRetryable() {
    return isRetryable;
  }

  String text() {
    return text;
  }
}
