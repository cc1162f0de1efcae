package io.blockroom.adapters.redis;

import java.time.Duration;
import java.util.Optional;

/**
 * Which Redis to use, and as whom.
 *
 * @param address {@code redis://host:port}, or {@code rediss://host:port} for TLS
 * @param database the number of the database
 * @param nodeId this server's name among all that use the Redis: 1 to 64 letters, digits, {@code
 *     .}, {@code _} and {@code -}; no two that run at once may have the same
 * @param lockTtl how long seats and locks outlive a server that died; at least a second
 */
public record RedisSettings(
    String address,
    Optional<String> user,
    Optional<String> password,
    int database,
    String nodeId,
    Duration lockTtl) {
  public RedisSettings {
    if (!nodeId.matches("[A-Za-z0-9._-]{1,64}")) {
      throw new IllegalArgumentException("not a node id: " + nodeId);
    }
    if (lockTtl.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("lock TTL below one second: " + lockTtl);
    }
  }

  /** Everything but the password. */
  @Override
  public String toString() {
    return "%s/%d node=%s lockTtl=%s".formatted(address, database, nodeId, lockTtl);
  }
}
