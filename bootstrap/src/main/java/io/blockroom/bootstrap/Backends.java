package io.blockroom.bootstrap;

import io.blockroom.bootstrap.embedded.CannotStart;
import io.blockroom.bootstrap.embedded.EmbeddedPostgres;
import io.blockroom.bootstrap.embedded.EmbeddedRedis;
import io.blockroom.bootstrap.embedded.StateFolder;
import io.blockroom.bootstrap.settings.DatabaseUrl;
import io.blockroom.bootstrap.settings.RedisUrl;
import io.blockroom.bootstrap.settings.Settings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** What one server stands on: its name, a PostgreSQL and a Redis, each given or made here. */
public final class Backends implements AutoCloseable {

  private final String nodeId;
  private final DatabaseUrl database;
  private final RedisUrl redis;
  private final Deque<Runnable> stops;

  private Backends(String nodeId, DatabaseUrl database, RedisUrl redis, Deque<Runnable> stops) {
    this.nodeId = nodeId;
    this.database = database;
    this.redis = redis;
    this.stops = stops;
  }

  /**
   * Starts what the settings do not give.
   *
   * @throws CannotStart when something is neither given nor can be started
   * @throws InterruptedException when a stop is wanted before all is up; nothing is left running
   */
  public static Backends start(Settings settings, Map<String, String> environment)
      throws InterruptedException {
    refuseWhatNobodyBrings(settings);
    String nodeId = settings.node().id();
    DatabaseUrl database = settings.database().url();
    RedisUrl redis = settings.redis().url();
    Deque<Runnable> stops = new ArrayDeque<>();
    if (nodeId != null && database != null && redis != null) {
      return new Backends(nodeId, database, redis, stops);
    }
    boolean complete = false;
    try {
      StateFolder state = StateFolder.take(settings.dataDir());
      stops.push(state::close);
      if (nodeId == null) {
        nodeId = state.nodeId();
      }
      if (database == null) {
        EmbeddedPostgres postgres = EmbeddedPostgres.start(state, environment);
        stops.push(postgres::close);
        database = postgres.url();
      }
      if (redis == null) {
        EmbeddedRedis embedded = EmbeddedRedis.start(state, environment);
        stops.push(embedded::close);
        redis = embedded.url();
      }
      complete = true;
      return new Backends(nodeId, database, redis, stops);
    } finally {
      if (!complete) {
        stops.forEach(Runnable::run);
      }
    }
  }

  /** The server's name among several. */
  public String nodeId() {
    return nodeId;
  }

  public DatabaseUrl database() {
    return database;
  }

  public RedisUrl redis() {
    return redis;
  }

  /** Stops Redis, then PostgreSQL, then lets go of the data folder: what of it was started here. */
  @Override
  public void close() {
    stops.forEach(Runnable::run);
  }

  private static void refuseWhatNobodyBrings(Settings settings) {
    List<String> missing = new ArrayList<>();
    if (settings.database().url() == null) {
      missing.add("DATABASE_URL (postgresql://user:password@host:port/db)");
    }
    if (settings.redis().url() == null) {
      missing.add("REDIS_URL (redis://:password@host:port)");
    }
    if (!missing.isEmpty() && !EmbeddedPostgres.isPackaged()) {
      throw new CannotStart(
          "This package brings no PostgreSQL and no Redis of its own: set "
              + String.join(" and ", missing)
              + ".");
    }
  }
}
