package io.blockroom.bootstrap.endtoend;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./blockroom} as a teacher types it; runs after the packages are made. */
class LauncherTest {
  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
  private static final Path PACKAGE = Path.of("target", "blockroom", "lib");
  private static final Pattern READY = Pattern.compile("is ready: http://127\\.0\\.0\\.1:(\\d+)/");

  @TempDir private Path folder;
  private final List<Process> started = new ArrayList<>();

  /**
   * The launcher builds when its mark is older than the sources; this build has made all there is.
   */
  @BeforeAll
  static void mark_as_built() throws IOException {
    Path mark = Path.of("target", "built");
    if (!Files.exists(mark)) {
      Files.createFile(mark);
    }
    try (Stream<Path> jars = Files.list(PACKAGE)) {
      Path own =
          jars.filter(jar -> jar.getFileName().toString().startsWith("blockroom-bootstrap"))
              .findFirst()
              .orElseThrow();
      FileTime made = Files.getLastModifiedTime(own);
      Files.setLastModifiedTime(mark, made);
    }
  }

  @AfterEach
  void end_what_a_failed_test_left() {
    started.forEach(process -> {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    });
  }

  @Test
  void two_clients_lock_and_commit_and_after_kill_minus_9_the_workspace_is_there()
      throws Exception {
    Process first = launch("first.log");
    int port = awaitReady("first.log");
    Pupil ada = Pupil.enter(port, "교실", "Ada");
    Pupil bob = Pupil.enter(port, "교실", "Bob");
    ada.lock("b1");
    bob.awaitsLock("b1", ada.id());
    ada.say(
        "COMMIT",
        "{\"blockId\":\"b1\",\"events\":[{\"type\":\"move\",\"blockId\":\"b1\"}],"
            + "\"workspaceXml\":\"<xml><block type=\\\"text\\\" id=\\\"b1\\\"/></xml>\"}");
    bob.awaits("COMMIT_APPLY");
    bob.awaitsRelease("b1");
    bob.lock("b1");
    ada.awaitsLock("b1", bob.id());

    first.destroyForcibly().waitFor();
    long restarted = System.nanoTime();
    Process second = launch("second.log");
    port = awaitReady("second.log");

    assertThat(Duration.ofNanos(System.nanoTime() - restarted)).isLessThan(Duration.ofMinutes(1));
    JsonObject state = Pupil.enter(port, "교실", "Cat").heard().getFirst().getJsonObject("payload");
    assertThat(state.getString("workspaceXml")).contains("id=\"b1\"");
    assertThat(state.getJsonArray("users")).isEmpty();
    assertThat(state.getJsonObject("locks")).isEmpty();

    second.destroy();
    assertThat(second.waitFor(20, SECONDS)).isTrue();
    assertThat(second.exitValue()).isZero();
  }

  /** The tour of the README, word for word. */
  @Test
  void the_tour_runs() throws Exception {
    launch("server.log");
    int port = awaitReady("server.log");

    Process tour =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                PROJECT.resolve("docs/tour/Tour.java").toString(),
                "ws://127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("tour.log").toFile())
            .start();

    assertThat(tour.waitFor(60, SECONDS)).isTrue();
    assertThat(folder.resolve("tour.log"))
        .content()
        .contains("Bob hears  {\"t\":\"LOCK_DENIED\"", "Bob hears  {\"t\":\"USER_LEFT\"");
    assertThat(tour.exitValue()).isZero();
  }

  @Test
  void help_names_every_command_and_setting() throws Exception {
    Process help =
        new ProcessBuilder(PROJECT.resolve("blockroom").toString(), "--help")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("help.log").toFile())
            .start();

    assertThat(help.waitFor(60, SECONDS)).isTrue();
    assertThat(help.exitValue()).isZero();
    assertThat(folder.resolve("help.log"))
        .content()
        .contains("build", "test", "--port", "--host", "--data-dir", "--locks.ttl", "DATABASE_URL");
  }

  private Process launch(String log) throws IOException {
    Process process =
        new ProcessBuilder(
                PROJECT.resolve("blockroom").toString(),
                "--port",
                "0",
                "--data-dir",
                folder.resolve("data").toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(log).toFile())
            .start();
    started.add(process);
    return process;
  }

  private int awaitReady(String log) {
    Path file = folder.resolve(log);
    await().atMost(Duration.ofSeconds(60)).until(() -> READY.matcher(read(file)).find());
    Matcher ready = READY.matcher(read(file));
    assertThat(ready.find()).isTrue();
    return Integer.parseInt(ready.group(1));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }
}
