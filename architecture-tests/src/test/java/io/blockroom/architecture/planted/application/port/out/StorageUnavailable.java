package io.blockroom.architecture.planted.application.port.out;

/** An exception that the in-ports promise too; calling its superclass is no throw. */
public final class StorageUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StorageUnavailable(Throwable cause) {
    super(cause);
  }
}
