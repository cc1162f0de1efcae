package io.blockroom.adapters.websocket.codec;

/**
 * Ends the reading of a message from deep inside it. It carries no stack trace, for clients can
 * provoke it at will.
 */
public final class MalformedMessage extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  MalformedMessage(ErrorCode code) {
    super(code.name(), null, false, false);
    this.code = code;
  }

  /** Ends the reading unless the text is as it must be. */
  static void require(boolean holds) {
    if (!holds) {
      throw new MalformedMessage(ErrorCode.BAD_MESSAGE);
    }
  }

  /** Ends the reading if there is more of something than a message may carry. */
  static void requireAtMost(int max, int number) {
    if (number > max) {
      throw new MalformedMessage(ErrorCode.TOO_LARGE);
    }
  }

  /** What is wrong. */
  public ErrorCode code() {
    return code;
  }
}
