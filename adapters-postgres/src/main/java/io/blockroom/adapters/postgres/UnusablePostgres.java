package io.blockroom.adapters.postgres;

/** The database cannot be used as it is; the message tells the operator what to change. */
public final class UnusablePostgres extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnusablePostgres(String message) {
    super(message);
  }

  UnusablePostgres(String message, Throwable cause) {
    super(message, cause);
  }
}
