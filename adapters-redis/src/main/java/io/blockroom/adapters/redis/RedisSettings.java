package io.blockroom.adapters.redis;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Which Redis to use, and as whom.
 *
 * @param user who to be on its servers, and on the sentinels if these ask
 * @param nodeId this server's name among all that use the Redis: 1 to 64 letters, digits, {@code
 *     .}, {@code _} and {@code -}; no two that run at once may have the same
 * @param lockTtl how long seats and locks outlive a server that died; at least a second
 */
public record RedisSettings(
    Topology topology,
    Optional<String> user,
    Optional<String> password,
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

  /**
   * How a Redis is made up of servers. Their addresses are {@code redis://host:port}, or {@code
   * rediss://host:port} for TLS.
   */
  public sealed interface Topology {
    /** One server. */
    record Single(String address, int database) implements Topology {
      @Override
      public String toString() {
        return address + "/" + database;
      }
    }

    /**
     * A master and its replicas, watched by sentinels that name another master when it dies.
     *
     * @param sentinels where these are; one that answers is enough to find the others
     * @param master the name under which they watch it
     */
    record Sentinel(List<String> sentinels, String master, int database) implements Topology {
      public Sentinel {
        sentinels = List.copyOf(sentinels);
        requireOne(sentinels);
      }

      @Override
      public String toString() {
        return "sentinels %s/%d#%s".formatted(String.join(", ", sentinels), database, master);
      }
    }

    /**
     * Several masters, each with a share of the rooms.
     *
     * @param nodes where some are; one that answers is enough to find the others
     */
    record Cluster(List<String> nodes) implements Topology {
      public Cluster {
        nodes = List.copyOf(nodes);
        requireOne(nodes);
      }

      @Override
      public String toString() {
        return "cluster " + String.join(", ", nodes);
      }
    }

    private static void requireOne(List<String> addresses) {
      if (addresses.isEmpty()) {
        throw new IllegalArgumentException("no address");
      }
    }
  }

  /** Everything but the password. */
  @Override
  public String toString() {
    return "%s node=%s lockTtl=%s".formatted(topology, nodeId, lockTtl);
  }
}
