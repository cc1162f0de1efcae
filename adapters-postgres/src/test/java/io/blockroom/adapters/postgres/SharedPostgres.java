package io.blockroom.adapters.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** The one durable server of this test run; each test class takes a database of its own. */
final class SharedPostgres {
  private static final AtomicInteger DATABASES = new AtomicInteger();
  private static final EmbeddedPostgres SERVER = start();

  private SharedPostgres() {}

  /** The port of the server on the loopback address. */
  static int port() {
    return SERVER.getPort();
  }

  /** The name of a new, empty database. */
  static String freshDatabase() {
    String name = "blockroom_" + DATABASES.incrementAndGet();
    execute("postgres", "CREATE DATABASE " + name);
    return name;
  }

  static PostgresSettings settings(String database) {
    return settings(database, port());
  }

  /** The database as seen through another port. */
  static PostgresSettings settings(String database, int port) {
    return PostgresSettings.of(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + database, "postgres", "");
  }

  /** The same for tests that wait for the time to be up. */
  static PostgresSettings hasty(PostgresSettings settings) {
    return hasty(settings, Duration.ofSeconds(1));
  }

  /** Hasty but for whole histories. */
  static PostgresSettings hasty(PostgresSettings settings, Duration archiveTimeout) {
    return new PostgresSettings(
        settings.jdbcUrl(),
        settings.user(),
        settings.password(),
        4,
        Duration.ofMillis(300),
        Duration.ofSeconds(1),
        archiveTimeout,
        false);
  }

  static void execute(String database, String sql) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException failed) {
      throw new IllegalStateException(sql, failed);
    }
  }

  /** The first column of the only row. */
  static String ask(String database, String sql) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return String.valueOf(row.getString(1));
    } catch (SQLException failed) {
      throw new IllegalStateException(sql, failed);
    }
  }

  static Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port() + "/" + database, "postgres", "");
  }

  /** Where the programs of PostgreSQL were unpacked to. */
  static Path programs() {
    return Path.of(ask("postgres", "SELECT setting FROM pg_config WHERE name = 'BINDIR'"));
  }

  private static EmbeddedPostgres start() {
    try {
      return EmbeddedPostgres.builder()
          .setServerConfig("fsync", "on")
          .setServerConfig("full_page_writes", "on")
          .setServerConfig("synchronous_commit", "on")
          .start();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
