package io.blockroom.adapters.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.blockroom.application.port.out.CommitLog;
import io.blockroom.application.port.out.Fences;
import io.blockroom.application.port.out.RoomArchive;
import io.blockroom.application.port.out.Rooms;
import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.application.port.out.Workspaces;
import io.helidon.dbclient.DbClient;
import io.helidon.dbclient.jdbc.JdbcClientBuilder;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.ds.PGSimpleDataSource;

/** The durable storage in one PostgreSQL database, from its start to its close. */
public final class PostgresStorage implements AutoCloseable {
  private static final Duration PING_LIMIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
  private static final int CONNECT_SECONDS = 2;
  private static final int MIGRATION_SECONDS = 600;
  private static final long VALIDATION_MILLIS = 500;

  private final HikariDataSource pool;
  private final HikariDataSource archivePool;
  private final PostgresCalls calls;
  private final PostgresCalls archiveCalls;
  private final CommitWriter writer;
  private final Rooms rooms;
  private final CommitLog commitLog;
  private final Workspaces workspaces;
  private final Fences fences;
  private final RoomArchive archive;
  private final List<String> durabilityWarnings;

  private PostgresStorage(PostgresSettings settings, ServerCondition condition) {
    pool = pool(settings, ofCommits(settings));
    archivePool = pool(settings, ofWholeHistories(settings));
    calls = new PostgresCalls(client(pool), settings.callTimeout());
    archiveCalls = new PostgresCalls(client(archivePool), settings.archiveTimeout());
    rooms = new PostgresRooms(calls, archiveCalls);
    writer = new CommitWriter(calls, settings.callTimeout());
    commitLog = new PostgresCommitLog(calls, writer);
    workspaces = new PostgresWorkspaces(calls);
    fences = new PostgresFences(calls);
    archive = new PostgresRoomArchive(archiveCalls);
    durabilityWarnings = condition.nonDurable();
  }

  /**
   * Checks the database, brings its tables up to date and opens the connections.
   *
   * @throws UnusablePostgres if the database cannot be reached, is too old, may lose acknowledged
   *     commits, or its tables cannot be brought up to date
   */
  public static PostgresStorage start(PostgresSettings settings) {
    ServerCondition condition = condition(settings);
    condition.requireUsable(settings.insecureDurability());
    migrate(settings);
    return new PostgresStorage(settings, condition);
  }

  public Rooms rooms() {
    return rooms;
  }

  public CommitLog commitLog() {
    return commitLog;
  }

  public Workspaces workspaces() {
    return workspaces;
  }

  public Fences fences() {
    return fences;
  }

  public RoomArchive archive() {
    return archive;
  }

  /**
   * A random key of that name, made when it is first asked for; the same for all servers of the
   * database.
   *
   * @param length its bytes
   * @throws StorageUnavailable if the database does not answer in time
   */
  public byte[] secret(String name, int length) {
    byte[] candidate = new byte[length];
    new SecureRandom().nextBytes(candidate);
    return calls.answer(database -> {
      database.insert(
          "INSERT INTO secrets (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
          name,
          candidate);
      return database
          .get("SELECT value FROM secrets WHERE name = ?", name)
          .map(row -> row.column("value").get(byte[].class))
          .orElseThrow();
    });
  }

  /** How many callers wait for the batch of commits before theirs. */
  int waitingCommits() {
    return writer.waiting();
  }

  /**
   * The settings of the server, each with its value, that let acknowledged commits be lost; empty
   * unless that was accepted.
   */
  public List<String> durabilityWarnings() {
    return durabilityWarnings;
  }

  /** Whether the database answers within a second. */
  public boolean isReachable() {
    try {
      return calls.answerWithin(PING_LIMIT, database -> database.get("SELECT 1").isPresent());
    } catch (StorageUnavailable silent) {
      return false;
    }
  }

  @Override
  public void close() {
    writer.close();
    calls.close();
    archiveCalls.close();
    pool.close();
    archivePool.close();
  }

  private static ServerCondition condition(PostgresSettings settings) {
    PGSimpleDataSource source = located(new PGSimpleDataSource(), settings);
    source.setSocketTimeout(CONNECT_SECONDS);
    try (Connection connection = source.getConnection()) {
      return ServerCondition.of(connection);
    } catch (SQLException failed) {
      throw new UnusablePostgres(
          "PostgreSQL cannot be used at " + settings.jdbcUrl() + ": " + failed.getMessage(),
          failed);
    }
  }

  private static void migrate(PostgresSettings settings) {
    PGSimpleDataSource source = located(new PGSimpleDataSource(), settings);
    source.setSocketTimeout(MIGRATION_SECONDS);
    try {
      Flyway.configure().dataSource(source).locations("classpath:db/migration").load().migrate();
    } catch (FlywayException failed) {
      throw new UnusablePostgres(
          "the tables cannot be brought up to date: " + failed.getMessage(), failed);
    }
  }

  /**
   * Connections for one kind of call.
   *
   * @param idle how many are kept open though nobody needs them
   * @param longestPause how long a transaction may wait for the next statement
   */
  private record Connections(
      String name, int size, int idle, Duration callTimeout, Duration longestPause) {}

  /** A server that is frozen amid a transaction keeps its rooms locked for a second. */
  private static Connections ofCommits(PostgresSettings settings) {
    return new Connections(
        "postgres",
        settings.poolSize(),
        settings.poolSize(),
        settings.callTimeout(),
        LONGEST_PAUSE);
  }

  /** They take long: they must not keep commits from a connection. */
  private static Connections ofWholeHistories(PostgresSettings settings) {
    return new Connections(
        "postgres-archive",
        PostgresSettings.ARCHIVE_POOL_SIZE,
        0,
        settings.archiveTimeout(),
        settings.archiveTimeout());
  }

  private static HikariDataSource pool(PostgresSettings settings, Connections connections) {
    PGSimpleDataSource source = located(new ReconnectingDataSource(), settings);
    // Second line behind the deadline of each call: also bounds what the pool does by itself.
    source.setSocketTimeout((int) connections.callTimeout().plusMillis(999).toSeconds());
    source.setTcpKeepAlive(true);

    HikariConfig config = new HikariConfig();
    config.setPoolName(connections.name());
    config.setDataSource(source);
    config.setMaximumPoolSize(connections.size());
    config.setMinimumIdle(connections.idle());
    config.setConnectionTimeout(settings.acquireTimeout().toMillis());
    config.setValidationTimeout(Math.min(VALIDATION_MILLIS, settings.acquireTimeout().toMillis()));
    // The order of commits rests on READ COMMITTED; a database may have another default.
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    config.setConnectionInitSql(sessionSettings(settings, connections));
    // The database has just been checked; an outage right now is no different from a later one.
    config.setInitializationFailTimeout(-1);
    return new HikariDataSource(config);
  }

  /**
   * What each connection asks for. A commit waits for the disk even if the server's default is
   * changed later, and never for less than that default ({@code remote_apply} is left alone);
   * nothing is asked if loss was accepted. The server gives a statement up after the time in which
   * its caller did, so that one which waits for a row is not carried out long after.
   */
  private static String sessionSettings(PostgresSettings settings, Connections connections) {
    return """
    SELECT set_config('statement_timeout', '%dms', false),
           set_config('idle_in_transaction_session_timeout', '%dms', false),
           CASE WHEN %s OR current_setting('synchronous_commit') = 'remote_apply' THEN ''
                ELSE set_config('synchronous_commit', 'on', false) END
    """
        .formatted(
            connections.callTimeout().toMillis(),
            connections.longestPause().toMillis(),
            settings.insecureDurability());
  }

  private static <S extends PGSimpleDataSource> S located(S source, PostgresSettings settings) {
    source.setURL(settings.jdbcUrl());
    source.setUser(settings.user());
    source.setPassword(settings.password());
    source.setConnectTimeout(CONNECT_SECONDS);
    source.setApplicationName("blockroom");
    return source;
  }

  private static DbClient client(HikariDataSource pool) {
    return JdbcClientBuilder.create()
        .connectionPool(() -> {
          try {
            return pool.getConnection();
          } catch (SQLException failed) {
            throw new NoConnection(failed);
          }
        })
        .build();
  }
}
