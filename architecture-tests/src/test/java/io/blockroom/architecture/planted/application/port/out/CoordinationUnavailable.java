package io.blockroom.architecture.planted.application.port.out;

/** An exception that the in-ports promise too; calling its superclass is no throw. */
public final class CoordinationUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CoordinationUnavailable(Throwable cause) {
    super(cause);
  }
}
