package io.blockroom.bootstrap.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything an operator has decided about one server; {@link SettingsTable} says what each means.
 */
public record Settings(
    String host,
    int port,
    Path dataDir,
    Database database,
    Redis redis,
    Node node,
    Rooms rooms,
    Locks locks,
    Resume resume,
    Presence presence,
    Drain drain,
    Snapshots snapshots,
    History history,
    Limits limits,
    Origins origins,
    Ping ping,
    Insecure insecure,
    Log log) {

  /** Where PostgreSQL is; without a url the embedded one is started. */
  public record Database(@Nullable DatabaseUrl url, int poolSize) {}

  /** Where Redis is; without a url the embedded one is started. */
  public record Redis(@Nullable RedisUrl url) {}

  /** This server among others; without an id one is made and kept in the data folder. */
  public record Node(@Nullable String id) {}

  public record Rooms(boolean autoCreate, int defaultMaxUsers) {}

  /**
   * @param queueLength how many may wait for one block
   * @param queueWait how long anybody may wait at the most
   */
  public record Locks(Duration ttl, Duration idleTimeout, int queueLength, Duration queueWait) {}

  public record Resume(Duration grace) {}

  public record Presence(Duration idleAfter) {}

  /** What happens at the end: for how long others are told before anybody is sent away. */
  public record Drain(Duration notice) {}

  public record Snapshots(int askAfter) {}

  /** What is not compacted; 0 days keep all. */
  public record History(int keepDays) {}

  public record Limits(int maxMessageBytes, int messagesPerSecond) {}

  /** The origins allowed beside the server's own; never with a path. */
  public record Origins(Set<URI> allowed) {
    public Origins {
      allowed = Set.copyOf(allowed);
    }
  }

  public record Ping(Duration interval) {}

  /** What weakens a promise, each by a word of its own. */
  public record Insecure(boolean open, boolean durability) {}

  public record Log(System.Logger.Level level) {}
}
