package io.blockroom.adapters.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A PostgreSQL server of a test's own, to be killed, started again and set wrongly. */
public final class PostgresProcess implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  private final Path programs = SharedPostgres.programs();
  private final Path directory;
  private final int port;
  private Process server;

  private PostgresProcess() throws IOException {
    directory = Files.createTempDirectory("blockroom-postgres-");
    port = freePort();
    Process created =
        run("initdb", "-D", data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C");
    Awaitility.await().atMost(START_LIMIT).until(() -> !created.isAlive());
    if (created.exitValue() != 0) {
      throw new IOException("initdb failed: " + Files.readString(log()));
    }
    server = launch();
    awaitAnswer();
  }

  /** Makes and starts a server with PostgreSQL's own, durable, defaults. */
  public static PostgresProcess create() {
    try {
      return new PostgresProcess();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** A port of the loopback address on which nobody listens. */
  static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  public int port() {
    return port;
  }

  PostgresSettings settings() {
    return settings(port);
  }

  /** The server as seen through another port. */
  PostgresSettings settings(int through) {
    return SharedPostgres.settings("postgres", through);
  }

  /** The end that nothing prepares for: SIGKILL to the server and all its children. */
  public void kill() {
    Stream.concat(Stream.of(server.toHandle()), server.descendants())
        .toList()
        .forEach(ProcessHandle::destroyForcibly);
    Awaitility.await().until(() -> !server.isAlive());
  }

  /** Ends in order. */
  public void stop() throws IOException {
    run("pg_ctl", "-D", data(), "-m", "fast", "stop");
    Awaitility.await().until(() -> !server.isAlive());
  }

  /** Starts again on the same directory and port, and waits until it answers. */
  public void start() throws IOException {
    server = launch();
    awaitAnswer();
  }

  public void execute(String... statements) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException failed) {
      throw new IllegalStateException(String.join("; ", statements), failed);
    }
  }

  /** Changes a setting of the running server, for the sessions that exist too. */
  void set(String setting, String value) {
    execute("ALTER SYSTEM SET " + setting + " = '" + value + "'", "SELECT pg_reload_conf()");
    Awaitility.await().until(() -> ask("SHOW " + setting).equals(value));
  }

  /** The first column of the only row, as text. */
  public String ask(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return String.valueOf(row.getString(1));
    }
  }

  public Connection connect() throws SQLException {
    return DriverManager.getConnection(settings().jdbcUrl(), "postgres", "");
  }

  @Override
  public void close() throws IOException {
    kill();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private void awaitAnswer() {
    Awaitility.await()
        .atMost(START_LIMIT)
        .ignoreExceptions()
        .until(() -> {
          if (!server.isAlive()) {
            // What the killed server left behind may bar the first attempt.
            server = launch();
          }
          return ask("SELECT 1").equals("1");
        });
  }

  private Process launch() throws IOException {
    return run(
        "postgres",
        "-D",
        data(),
        "-p",
        String.valueOf(port),
        "-c",
        "listen_addresses=127.0.0.1",
        "-c",
        "unix_socket_directories=");
  }

  /** PostgreSQL refuses to run as root; in a user namespace of its own nobody is. */
  private Process run(String program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      command.addAll(List.of("unshare", "-U"));
    }
    command.add(programs.resolve(program).toString());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
        .start();
  }

  private String data() {
    return directory.resolve("data").toString();
  }

  private Path log() {
    return directory.resolve("log");
  }
}
