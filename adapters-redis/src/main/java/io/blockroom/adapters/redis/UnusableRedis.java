package io.blockroom.adapters.redis;

/** Redis cannot be used as it is; the message says why. */
public final class UnusableRedis extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnusableRedis(String message) {
    super(message);
  }

  UnusableRedis(String message, Throwable cause) {
    super(message, cause);
  }
}
