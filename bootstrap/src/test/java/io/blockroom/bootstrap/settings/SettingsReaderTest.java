package io.blockroom.bootstrap.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.blockroom.adapters.redis.RedisSettings.Topology;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsReaderTest {

  private static final String SECRET = "correct-horse";

  @TempDir private Path folder;

  @Test
  void without_any_setting_the_standard_ones_stand() throws InvalidSettings {
    Settings settings = read(Map.of());

    assertThat(settings.host()).isEqualTo("127.0.0.1");
    assertThat(settings.port()).isEqualTo(8000);
    assertThat(settings.dataDir()).isEqualTo(folder.resolve("data"));
    assertThat(settings.database().url()).isNull();
    assertThat(settings.database().poolSize()).isEqualTo(8);
    assertThat(settings.redis().url()).isNull();
    assertThat(settings.node().id()).isNull();
    assertThat(settings.rooms()).isEqualTo(new Settings.Rooms(true, 10));
    assertThat(settings.locks().ttl()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.limits()).isEqualTo(new Settings.Limits(1_048_576, 300));
    assertThat(settings.origins().allowed()).isEmpty();
    assertThat(settings.ping().interval()).isEqualTo(Duration.ofSeconds(15));
    assertThat(settings.insecure()).isEqualTo(new Settings.Insecure(false, false));
    assertThat(settings.log().level()).isEqualTo(System.Logger.Level.INFO);
  }

  @Test
  void the_environment_wins_over_the_file_and_a_flag_over_both() throws Exception {
    file("port = 1001\nlocks.ttl = 21s\nnode.id = from-file\n");
    Map<String, String> environment =
        Map.of("BLOCKROOM_LOCKS_TTL", "22s", "BLOCKROOM_NODE_ID", "from-environment");

    Settings settings = read(environment, "--node.id", "from-flag");

    assertThat(settings.port()).isEqualTo(1001);
    assertThat(settings.locks().ttl()).isEqualTo(Duration.ofSeconds(22));
    assertThat(settings.node().id()).isEqualTo("from-flag");
  }

  @Test
  void a_flag_takes_its_value_with_a_blank_or_an_equals_sign_and_a_switch_needs_none()
      throws InvalidSettings {
    Settings settings =
        read(Map.of(), "--port=9", "--insecure.open", "--host", "0.0.0.0", "--data-dir=x=y");

    assertThat(settings.port()).isEqualTo(9);
    assertThat(settings.host()).isEqualTo("0.0.0.0");
    assertThat(settings.insecure().open()).isTrue();
    assertThat(settings.dataDir()).isEqualTo(folder.resolve("x=y"));
  }

  @Test
  void everything_can_be_set() throws InvalidSettings {
    Settings settings =
        read(
            Map.of(),
            "--data-dir=/tmp/우리 반",
            "--rooms.auto-create=false",
            "--rooms.default-max-users=30",
            "--limits.max-message-bytes=2048",
            "--limits.messages-per-second=7",
            "--origins.allowed=https://School.example, http://127.0.0.1:5173",
            "--ping.interval=2m",
            "--database.pool-size=3",
            "--insecure.durability=true",
            "--log.level=debug");

    assertThat(settings.dataDir()).isEqualTo(Path.of("/tmp/우리 반"));
    assertThat(settings.rooms()).isEqualTo(new Settings.Rooms(false, 30));
    assertThat(settings.limits()).isEqualTo(new Settings.Limits(2048, 7));
    assertThat(settings.origins().allowed())
        .containsExactlyInAnyOrder(
            URI.create("https://school.example"), URI.create("http://127.0.0.1:5173"));
    assertThat(settings.ping().interval()).isEqualTo(Duration.ofMinutes(2));
    assertThat(settings.database().poolSize()).isEqualTo(3);
    assertThat(settings.insecure().durability()).isTrue();
    assertThat(settings.log().level()).isEqualTo(System.Logger.Level.DEBUG);
  }

  @Test
  void the_file_is_read_as_utf_8_and_may_be_named() throws Exception {
    Files.writeString(folder.resolve("수업.properties"), "data-dir = 우리 반\n");

    assertThat(read(Map.of(), "--config", "수업.properties").dataDir())
        .isEqualTo(folder.resolve("우리 반"));
  }

  @Test
  void all_problems_are_told_at_once_each_with_its_source_and_what_is_allowed() throws Exception {
    file("locks.ttl = 5\nrooms.max = 3\n");
    Map<String, String> environment =
        Map.of("BLOCKROOM_ROOMS_AUTO_CREATE", "maybe", "BLOCKROOM_COLOUR", "red");

    List<String> problems =
        problems(
            environment, "--port", "65536", "--wrong", "3", "--host", "192.0.2.1", "--node.id");

    assertThat(problems)
        .containsExactlyInAnyOrder(
            "--wrong: there is no such flag",
            "--node.id: its value is missing",
            "rooms.max (%s): there is no such setting".formatted(standardFile()),
            "environment BLOCKROOM_COLOUR: there is no such setting",
            "port = 65536 (flag --port): must be a whole number from 0 to 65535",
            "rooms.auto-create = maybe (environment BLOCKROOM_ROOMS_AUTO_CREATE): must be true or"
                + " false",
            "locks.ttl = 5 (%s): must be a time like 500ms, 10s or 2m, from 1s to 600s"
                .formatted(standardFile()),
            "host = 192.0.2.1 (flag --host): anyone who reaches it could join any room; stay on"
                + " 127.0.0.1 or accept it with insecure.open = true");
  }

  @ParameterizedTest
  @CsvSource({
    "port, -1",
    "port, many",
    "rooms.default-max-users, 0",
    "rooms.default-max-users, 1001",
    "locks.ttl, 999ms",
    "locks.ttl, 11m",
    "ping.interval, 10 s",
    "limits.max-message-bytes, 1023",
    "limits.messages-per-second, 0",
    "database.pool-size, 0",
    "database.pool-size, 101",
    "node.id, a b",
    "origins.allowed, https://school.example/path",
    "origins.allowed, *",
    "log.level, loud",
    "insecure.durability, yes",
    "data-dir, ' '"
  })
  void a_value_outside_of_what_is_allowed_is_refused(String name, String value) {
    assertThat(problems(Map.of(), "--" + name + "=" + value))
        .singleElement()
        .asString()
        .startsWith(name + " = ")
        .contains("must be ");
  }

  /** S08. */
  @Test
  void a_secret_is_never_repeated_whatever_is_wrong() throws Exception {
    file("redis.url = redis://:%s@host:port\n".formatted(SECRET));
    Map<String, String> environment = Map.of("DATABASE_URL", "postgresql://ada:" + SECRET + "@");

    List<String> problems =
        problems(environment, "--databse.url", SECRET, "--databse.url=" + SECRET, SECRET);

    assertThat(problems).hasSize(5);
    assertThat(String.join("", problems)).doesNotContain(SECRET);
    assertThat(read(Map.of(), "--config=/dev/null", "--redis.url=redis://:" + SECRET + "@h"))
        .asString()
        .doesNotContain(SECRET);
  }

  /** S01, S02. */
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost", "127.1.2.3", "::1"})
  void loopback_needs_no_word_of_consent(String host) throws InvalidSettings {
    assertThat(read(Map.of(), "--host", host).host()).isEqualTo(host);
  }

  /** S02. */
  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.7", "no-such-host.invalid"})
  void any_other_host_needs_insecure_open(String host) throws InvalidSettings {
    assertThat(problems(Map.of(), "--host", host)).hasSize(1);
    assertThat(read(Map.of(), "--host", host, "--insecure.open=true").host()).isEqualTo(host);
  }

  @Test
  void the_usual_variables_name_the_servers_and_the_own_ones_win() throws InvalidSettings {
    Map<String, String> environment =
        Map.of(
            "DATABASE_URL",
            "postgresql://ada:pw@db:5432/rooms",
            "REDIS_URL",
            "redis://first:1",
            "BLOCKROOM_REDIS_URL",
            "redis://second:2",
            "BLOCKROOM_PORT",
            "");

    Settings settings = read(environment);

    assertThat(settings.database().url())
        .isEqualTo(new DatabaseUrl("jdbc:postgresql://db:5432/rooms", "ada", "pw"));
    assertThat(settings.redis().url())
        .isEqualTo(new RedisUrl(new Topology.Single("redis://second:2", 0), null, null));
    assertThat(settings.port()).isEqualTo(8000);
  }

  @Test
  void what_a_redis_url_may_be_is_told_to_whoever_got_it_wrong() throws Exception {
    assertThat(problems(Map.of(), "--redis.url=redis-sentinel://:" + SECRET + "@a,b"))
        .singleElement()
        .asString()
        .contains("redis://user:password@host:port/number")
        .contains("redis-sentinel://user:password@host:port,host:port/number#master-name")
        .contains("redis-cluster://user:password@host:port,host:port")
        .contains("rediss for TLS")
        .doesNotContain(SECRET);
  }

  @Test
  void a_settings_file_that_is_not_there_or_not_text_is_told() throws Exception {
    Files.write(folder.resolve("broken"), new byte[] {(byte) 0xC3, (byte) 0x28});

    assertThat(problems(Map.of(), "--config", "missing")).hasSize(1);
    assertThat(problems(Map.of(), "--config", "broken")).hasSize(1);
  }

  @Test
  void help_shows_every_setting_with_its_standard_and_what_is_allowed() {
    for (Setting<?> setting : SettingsTable.all()) {
      assertThat(SettingsTable.help())
          .contains(setting.flag() + " ", setting.meaning(), setting.allowed())
          .contains("(default " + (setting.standard().isEmpty() ? "none" : setting.standard()));
    }
    assertThat(SettingsTable.all().stream().map(Setting::name)).doesNotHaveDuplicates();
    assertThat(SettingsTable.ROOMS_DEFAULT_MAX_USERS.variable())
        .isEqualTo("BLOCKROOM_ROOMS_DEFAULT_MAX_USERS");
  }

  private Path standardFile() {
    return folder.resolve(SettingsReader.STANDARD_FILE);
  }

  private void file(String text) throws IOException {
    Files.writeString(standardFile(), text);
  }

  private Settings read(Map<String, String> environment, String... arguments)
      throws InvalidSettings {
    return SettingsReader.read(List.of(arguments), environment, folder);
  }

  private List<String> problems(Map<String, String> environment, String... arguments) {
    InvalidSettings refused =
        catchThrowableOfType(InvalidSettings.class, () -> read(environment, arguments));
    assertThat(refused).isNotNull();
    return refused.problems();
  }
}
