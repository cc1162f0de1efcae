package io.blockroom.application.port.out;

/**
 * The coordination between servers (locks, seats, broadcast) did not answer, or not in time. What
 * was asked of it may have been done all the same.
 */
public final class CoordinationUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CoordinationUnavailable(Throwable cause) {
    super("coordination is unavailable", cause);
  }
}
