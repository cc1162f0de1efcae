package io.blockroom.application.port.out;

/**
 * The durable storage did not answer, or not in time. What was asked of it may have been done all
 * the same.
 */
public final class StorageUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StorageUnavailable(Throwable cause) {
    super("storage is unavailable", cause);
  }
}
