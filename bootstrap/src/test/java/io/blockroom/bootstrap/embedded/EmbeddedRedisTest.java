package io.blockroom.bootstrap.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.adapters.redis.RedisSettings.Topology;
import io.blockroom.bootstrap.settings.RedisUrl;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedRedisTest {

  @TempDir private Path folder;

  @Test
  void a_restart_keeps_the_data_also_under_a_korean_name_with_blanks() throws Exception {
    Path path = folder.resolve("우리 반 \"data\"");
    try (StateFolder state = StateFolder.take(path)) {
      try (EmbeddedRedis redis = EmbeddedRedis.start(state, System.getenv())) {
        assertThat(ask(redis.url(), "SET kept 42")).isEqualTo("+OK");
      }
      try (EmbeddedRedis redis = EmbeddedRedis.start(state, System.getenv())) {
        assertThat(ask(redis.url(), "GET kept")).isEqualTo("$2 42");
      }
    }

    assertThat(path.resolve("redis.pid")).doesNotExist();
  }

  /** O03. */
  @Test
  void it_writes_what_it_knows_never_evicts_and_wants_its_password() throws Exception {
    try (StateFolder state = StateFolder.take(folder.resolve("data"));
        EmbeddedRedis redis = EmbeddedRedis.start(state, System.getenv())) {
      RedisUrl url = redis.url();

      assertThat(ask(url, "CONFIG GET appendonly")).endsWith("yes");
      assertThat(ask(url, "CONFIG GET appendfsync")).endsWith("everysec");
      assertThat(ask(url, "CONFIG GET maxmemory-policy")).endsWith("noeviction");
      assertThat(ask(url, "CONFIG GET bind")).endsWith("127.0.0.1");
      assertThat(ask(new RedisUrl(url.topology(), null, "wrong"), "PING")).startsWith("-NOAUTH");
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(state.path().resolve("redis/redis.conf"))))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void the_redis_that_comes_along_serves_where_none_is_installed() throws Exception {
    try (StateFolder state = StateFolder.take(folder.resolve("data"))) {
      Commands nothing = new Commands(folder.toString());
      Path program =
          RedisProgram.find(
              nothing, new ProgramCache(Files.createDirectory(folder.resolve("cache"))));
      assertThat(program).startsWith(folder);

      try (EmbeddedRedis redis = EmbeddedRedis.start(state, nothing, program)) {
        assertThat(ask(redis.url(), "PING")).isEqualTo("+PONG");
      }
    }
  }

  @Test
  void an_installed_redis_is_preferred_unless_it_is_too_old_or_broken() throws Exception {
    Path tools = Files.createDirectory(folder.resolve("tools"));
    Commands commands = new Commands(tools.toString());
    ProgramCache cache = new ProgramCache(Files.createDirectory(folder.resolve("cache")));

    script(tools.resolve("redis-server"), "echo Redis server v=6.0.16 sha=0");
    script(tools.resolve("valkey-server"), "echo Valkey server v=8.0.1 sha=0");
    assertThat(RedisProgram.find(commands, cache)).isEqualTo(tools.resolve("valkey-server"));

    script(tools.resolve("redis-server"), "echo Redis server v=7.0.15 sha=0");
    assertThat(RedisProgram.find(commands, cache)).isEqualTo(tools.resolve("redis-server"));

    script(tools.resolve("redis-server"), "exit 1");
    Files.delete(tools.resolve("valkey-server"));
    assertThat(RedisProgram.find(commands, cache)).startsWith(folder.resolve("cache"));
  }

  @Test
  void a_strangers_process_that_got_the_old_pid_is_left_alone() throws Exception {
    Process stranger = new ProcessBuilder("sleep", "60").start();
    try (StateFolder state = StateFolder.take(folder.resolve("data"))) {
      Files.writeString(state.path().resolve("redis.pid"), stranger.pid() + "\n6379\n");

      try (EmbeddedRedis redis = EmbeddedRedis.start(state, System.getenv())) {
        assertThat(ask(redis.url(), "PING")).isEqualTo("+PONG");
      }

      assertThat(stranger.isAlive()).isTrue();
    } finally {
      stranger.destroyForcibly();
    }
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** The answer's lines after the one to AUTH, with a blank between. */
  private static String ask(RedisUrl url, String command) throws IOException {
    URI address = URI.create(((Topology.Single) url.topology()).address());
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      String request = "AUTH %s\r\n%s\r\nQUIT\r\n".formatted(url.password(), command);
      socket.getOutputStream().write(request.getBytes(UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      String rest = answer.substring(answer.indexOf("\r\n") + 2);
      return rest.replaceFirst("\\+OK\r\n$", "").strip().replace("\r\n", " ");
    }
  }
}
