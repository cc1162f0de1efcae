package io.blockroom.bootstrap.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.blockroom.bootstrap.settings.DatabaseUrl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {

  @TempDir private Path folder;

  @Test
  void a_restart_keeps_the_data_also_under_a_korean_name_with_blanks() throws Exception {
    Path path = folder.resolve("우리 반 'data'");
    try (StateFolder state = StateFolder.take(path)) {
      try (EmbeddedPostgres postgres = EmbeddedPostgres.start(state, System.getenv())) {
        execute(postgres.url(), "CREATE TABLE kept AS SELECT 42 AS answer");
      }
      try (EmbeddedPostgres postgres = EmbeddedPostgres.start(state, System.getenv())) {
        assertThat(query(postgres.url(), "SELECT answer FROM kept")).isEqualTo("42");
      }
    }

    assertThat(path.resolve("postgres.pid")).doesNotExist();
    assertThat(path.resolve("postgres/postmaster.pid")).doesNotExist();
  }

  /** O03: what is acknowledged is on the disk. */
  @Test
  void it_is_durable_and_listens_on_loopback_with_a_password_only() throws Exception {
    try (StateFolder state = StateFolder.take(folder.resolve("data"));
        EmbeddedPostgres postgres = EmbeddedPostgres.start(state, System.getenv())) {
      DatabaseUrl url = postgres.url();

      for (String setting : List.of("fsync", "full_page_writes", "synchronous_commit")) {
        assertThat(query(url, "SHOW " + setting)).as(setting).isEqualTo("on");
      }
      assertThat(query(url, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
      assertThat(query(url, "SHOW unix_socket_directories")).isEmpty();
      assertThat(query(url, "SHOW server_encoding")).isEqualTo("UTF8");
      assertThat(query(url, "SELECT rolpassword FROM pg_authid WHERE rolname = current_user"))
          .startsWith("SCRAM-SHA-256");
      assertThatThrownBy(() -> query(new DatabaseUrl(url.jdbc(), url.user(), "wrong"), "SELECT 1"))
          .hasMessageContaining("password authentication failed");
      assertThat(url.toString()).doesNotContain(url.password());
    }
  }

  @Test
  void a_strangers_process_that_got_the_old_pid_is_left_alone() throws Exception {
    Process stranger = new ProcessBuilder("sleep", "60").start();
    try (StateFolder state = StateFolder.take(folder.resolve("data"))) {
      EmbeddedPostgres.start(state, System.getenv()).close();
      String pid = Long.toString(stranger.pid());
      Files.writeString(state.path().resolve("postgres.pid"), pid + "\n5432\n");
      Files.writeString(
          state.path().resolve("postgres/postmaster.pid"),
          "%s%n%s%n1%n5432%n%n127.0.0.1%n%n".formatted(pid, state.path().resolve("postgres")));

      try (EmbeddedPostgres postgres = EmbeddedPostgres.start(state, System.getenv())) {
        assertThat(query(postgres.url(), "SELECT 1")).isEqualTo("1");
      }

      assertThat(stranger.isAlive()).isTrue();
    } finally {
      stranger.destroyForcibly();
    }
  }

  @Test
  void a_password_file_that_was_lost_is_told_at_once() throws Exception {
    try (StateFolder state = StateFolder.take(folder.resolve("data"))) {
      EmbeddedPostgres.start(state, System.getenv()).close();
      Files.delete(state.path().resolve("postgres.password"));

      assertThatThrownBy(() -> EmbeddedPostgres.start(state, System.getenv()))
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining("postgres.password");
      assertThat(state.path().resolve("postgres/postmaster.pid")).doesNotExist();
    }
  }

  @Test
  void what_the_log_says_of_a_failed_start_is_in_the_message() throws Exception {
    try (StateFolder state = StateFolder.take(folder.resolve("data"))) {
      EmbeddedPostgres.start(state, System.getenv()).close();
      Files.writeString(state.path().resolve("postgres/PG_VERSION"), "9.6\n");

      assertThatThrownBy(() -> EmbeddedPostgres.start(state, System.getenv()))
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining("database files are incompatible with server");
    }
  }

  @Test
  void as_root_without_user_namespaces_it_runs_as_an_unprivileged_owner_of_the_data()
      throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"), "only root needs it");
    Commands real = new Commands(System.getenv("PATH"));
    assumeTrue(real.find("setpriv").isPresent(), "needs setpriv");
    Path tools = Files.createDirectory(folder.resolve("tools"));
    for (String tool : List.of("setpriv", "setsid")) {
      Files.createSymbolicLink(tools.resolve(tool), real.find(tool).orElseThrow());
    }
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("PATH", tools.toString());

    try (StateFolder state = StateFolder.take(folder.resolve("data"))) {
      try (EmbeddedPostgres postgres = EmbeddedPostgres.start(state, environment)) {
        execute(postgres.url(), "CREATE TABLE kept AS SELECT 42 AS answer");
        assertThat(Files.getOwner(state.path().resolve("postgres")).getName()).isNotEqualTo("root");
      }
      try (EmbeddedPostgres postgres = EmbeddedPostgres.start(state, System.getenv())) {
        assertThat(query(postgres.url(), "SELECT answer FROM kept")).isEqualTo("42");
      }
    }
  }

  private static void execute(DatabaseUrl url, String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(url.jdbc(), url.user(), url.password());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String query(DatabaseUrl url, String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(url.jdbc(), url.user(), url.password());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }
}
