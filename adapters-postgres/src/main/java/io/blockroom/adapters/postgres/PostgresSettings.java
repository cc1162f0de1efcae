package io.blockroom.adapters.postgres;

import java.time.Duration;

/**
 * Which database to use, and how.
 *
 * @param jdbcUrl where the database is, without user and password
 * @param poolSize connections that this server opens, 1 to {@value #MAX_POOL_SIZE}
 * @param acquireTimeout how long a call waits for a free connection; at least 250 ms
 * @param callTimeout how long a call may take, the wait for a connection included; longer than
 *     {@code acquireTimeout} and shorter than the 5 s that the ports promise
 * @param archiveTimeout the same for a call that reads or writes a whole history; such calls have
 *     {@value #ARCHIVE_POOL_SIZE} connections of their own
 * @param insecureDurability accept a database that may lose acknowledged commits
 */
public record PostgresSettings(
    String jdbcUrl,
    String user,
    String password,
    int poolSize,
    Duration acquireTimeout,
    Duration callTimeout,
    Duration archiveTimeout,
    boolean insecureDurability) {
  /** More connections than this serve one server no better. */
  public static final int MAX_POOL_SIZE = 100;

  /** Eight committers saturate the flush of one disk. */
  public static final int DEFAULT_POOL_SIZE = 8;

  /** More whole histories at once would not be read or written any faster. */
  static final int ARCHIVE_POOL_SIZE = 2;

  private static final Duration SHORTEST_ACQUIRE = Duration.ofMillis(250);
  private static final Duration PROMISE = Duration.ofSeconds(5);
  private static final Duration ARCHIVE_PROMISE = Duration.ofSeconds(60);

  public PostgresSettings {
    if (poolSize < 1 || poolSize > MAX_POOL_SIZE) {
      throw new IllegalArgumentException(
          "pool size not between 1 and " + MAX_POOL_SIZE + ": " + poolSize);
    }
    if (acquireTimeout.compareTo(SHORTEST_ACQUIRE) < 0) {
      throw new IllegalArgumentException("acquire timeout below 250 ms: " + acquireTimeout);
    }
    if (callTimeout.compareTo(acquireTimeout) <= 0 || callTimeout.compareTo(PROMISE) >= 0) {
      throw new IllegalArgumentException(
          "call timeout not between the acquire timeout and 5 s: " + callTimeout);
    }
    if (archiveTimeout.compareTo(callTimeout) < 0
        || archiveTimeout.compareTo(ARCHIVE_PROMISE) > 0) {
      throw new IllegalArgumentException(
          "archive timeout not between the call timeout and 60 s: " + archiveTimeout);
    }
  }

  /** That database, with the usual pool and times. */
  public static PostgresSettings of(String jdbcUrl, String user, String password) {
    return new PostgresSettings(
        jdbcUrl,
        user,
        password,
        DEFAULT_POOL_SIZE,
        Duration.ofSeconds(2),
        Duration.ofSeconds(3),
        ARCHIVE_PROMISE,
        false);
  }

  /** The same with another number of connections. */
  public PostgresSettings withPoolSize(int size) {
    return new PostgresSettings(
        jdbcUrl,
        user,
        password,
        size,
        acquireTimeout,
        callTimeout,
        archiveTimeout,
        insecureDurability);
  }

  /** The same, accepting a database that may lose acknowledged commits or not. */
  public PostgresSettings withInsecureDurability(boolean accepted) {
    return new PostgresSettings(
        jdbcUrl, user, password, poolSize, acquireTimeout, callTimeout, archiveTimeout, accepted);
  }

  /** Everything but the password. */
  @Override
  public String toString() {
    return "%s user=%s poolSize=%d acquireTimeout=%s callTimeout=%s archiveTimeout=%s insecure=%s"
        .formatted(
            jdbcUrl,
            user,
            poolSize,
            acquireTimeout,
            callTimeout,
            archiveTimeout,
            insecureDurability);
  }
}
