package io.blockroom.bootstrap.embedded;

/** Something this server needs cannot be had; the message says what to do. */
public final class CannotStart extends RuntimeException {

  public CannotStart(String message) {
    super(message);
  }

  public CannotStart(String message, Throwable cause) {
    super(message, cause);
  }
}
