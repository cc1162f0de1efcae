package io.blockroom.bootstrap.embedded;

import io.blockroom.bootstrap.settings.DatabaseUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL of this server's own, as durable as one set up by hand.
 *
 * <p>It listens on loopback only and wants the password that lies in the state folder.
 */
public final class EmbeddedPostgres implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(EmbeddedPostgres.class.getName());
  private static final String USER = "blockroom";
  private static final String DATABASE = "blockroom";
  private static final int INITDB_SECONDS = 120;

  /** A crash may leave minutes of log to be replayed. */
  private static final Duration START_LIMIT = Duration.ofMinutes(2);

  private static final String WRONG_PASSWORD = "28P01";

  private static final List<String> SETTINGS =
      List.of(
          "fsync=on",
          "full_page_writes=on",
          "synchronous_commit=on",
          "listen_addresses=127.0.0.1",
          // A socket's path may not be as long as a data folder's.
          "unix_socket_directories=",
          "max_connections=120",
          "timezone=UTC",
          "log_timezone=UTC",
          "log_checkpoints=off",
          "logging_collector=off");

  private final ChildProcess process;
  private final DatabaseUrl url;

  private EmbeddedPostgres(ChildProcess process, DatabaseUrl url) {
    this.process = process;
    this.url = url;
  }

  /**
   * Starts PostgreSQL on the state folder's data, which is made if there is none.
   *
   * @throws CannotStart when there is no PostgreSQL on the class path or it does not come up
   */
  public static EmbeddedPostgres start(StateFolder state, Map<String, String> environment)
      throws InterruptedException {
    URL archive = archive();
    if (archive == null) {
      throw new CannotStart("There is no PostgreSQL on the class path.");
    }
    Path programs = PostgresPrograms.in(ProgramCache.ofUser(environment, state), archive);
    Commands commands = new Commands(environment.getOrDefault("PATH", ""));
    return new Start(state, programs, commands).run();
  }

  /** Whether this package brings a PostgreSQL; the one for production does not. */
  public static boolean isPackaged() {
    return archive() != null;
  }

  public DatabaseUrl url() {
    return url;
  }

  @Override
  public void close() {
    process.close();
  }

  private static @Nullable URL archive() {
    return EmbeddedPostgres.class.getResource("/" + Platform.current().postgresArchive());
  }

  /** One start, step by step. */
  private record Start(StateFolder state, Path programs, Commands commands) {

    EmbeddedPostgres run() throws InterruptedException {
      int port = LoopbackPort.free();
      endEarlier();
      if (!Files.exists(cluster())) {
        initialize();
      }
      List<String> prefix = user().prefix(program("postgres"), cluster());
      ChildProcess process =
          ChildProcess.start(
              server(prefix, port),
              commands,
              pidFile(),
              state.folder("log").resolve("postgres.log"));
      process.awaitReady(() -> answers(port), START_LIMIT);
      try {
        makeDatabase(port);
      } catch (SQLException e) {
        process.close();
        throw new CannotStart("The embedded PostgreSQL has no database: " + e.getMessage(), e);
      }
      return new EmbeddedPostgres(process, url(port, DATABASE));
    }

    /** PostgreSQL's own pid file tells too, should ours not have been written in time. */
    private void endEarlier() {
      ServerProgram program = server(List.of(), 0);
      ChildProcess.endEarlier(program, pidFile());
      Path itsOwn = cluster().resolve("postmaster.pid");
      Optional<ProcessHandle> process = new PidFile(itsOwn).process();
      if (process.isPresent()) {
        if (ChildProcess.serves(program, process.get())) {
          ChildProcess.end(program, process.get());
        } else {
          ownStalePid(itsOwn);
        }
      }
    }

    /**
     * PostgreSQL will not start while the pid of its crashed predecessor belongs to anybody, but
     * passes over its parent's. The rest of the file stays: by it PostgreSQL sees whether sessions
     * of the predecessor are still at the data.
     */
    private static void ownStalePid(Path postmasterPid) {
      try {
        List<String> lines = new ArrayList<>(Files.readAllLines(postmasterPid));
        lines.set(0, Long.toString(ProcessHandle.current().pid()));
        Files.write(postmasterPid, lines);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Works beside the final place, so that a crash leaves nothing half made there. */
    private void initialize() throws InterruptedException {
      LOG.log(System.Logger.Level.INFO, "Making the data of PostgreSQL, which happens once");
      try {
        Path partial = state.path().resolve("postgres.partial");
        ProgramCache.delete(partial);
        StateFolder.makePrivate(partial);
        List<String> command = new ArrayList<>(user().prefix(program("initdb"), partial));
        command.addAll(
            List.of(
                program("initdb").toString(),
                "--pgdata=" + partial,
                "--username=" + USER,
                "--pwfile=" + state.passwordFile("postgres"),
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8"));
        Commands.Outcome made = Commands.run(command, INITDB_SECONDS);
        if (!made.succeeded()) {
          throw new CannotStart("PostgreSQL cannot make its data folder:\n" + made.output());
        }
        Files.move(partial, cluster(), StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** The durable settings stand on the command line, where no file in the data can undo them. */
    private ServerProgram server(List<String> prefix, int port) {
      List<String> command = new ArrayList<>(prefix);
      command.addAll(List.of(program("postgres").toString(), "-D", cluster().toString()));
      SETTINGS.forEach(setting -> command.addAll(List.of("-c", setting)));
      command.addAll(List.of("-c", "port=" + port));
      return new ServerProgram(
          "PostgreSQL", command, port, cluster(), ServerProgram.StopSignal.INTERRUPT);
    }

    private boolean answers(int port) {
      try (Connection connection = connect(port);
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT 1")) {
        return rows.next();
      } catch (SQLException e) {
        if (WRONG_PASSWORD.equals(e.getSQLState())) {
          throw new CannotStart(
              "The password in %s is not the one of the data in %s."
                  .formatted(state.passwordFile("postgres"), cluster()),
              e);
        }
        return false;
      }
    }

    private void makeDatabase(int port) throws SQLException {
      try (Connection connection = connect(port);
          Statement statement = connection.createStatement()) {
        try (ResultSet rows =
            statement.executeQuery(
                "SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
          if (rows.next()) {
            return;
          }
        }
        statement.execute("CREATE DATABASE " + DATABASE);
      }
    }

    private Connection connect(int port) throws SQLException {
      DatabaseUrl url = url(port, "postgres");
      Properties how = new Properties();
      how.setProperty("user", url.user());
      how.setProperty("password", url.password());
      how.setProperty("connectTimeout", "5");
      how.setProperty("socketTimeout", "30");
      return DriverManager.getConnection(url.jdbc(), how);
    }

    private DatabaseUrl url(int port, String database) {
      return DatabaseUrl.onThisMachine(port, database, USER, state.password("postgres"));
    }

    private PostgresUser user() {
      return new PostgresUser(commands, System.getProperty("user.name"));
    }

    private Path program(String name) {
      return programs.resolve(name);
    }

    private Path cluster() {
      return state.path().resolve("postgres");
    }

    private PidFile pidFile() {
      return new PidFile(state.path().resolve("postgres.pid"));
    }
  }
}
