package io.blockroom.bootstrap;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole program as a process of its own, the way an operator meets it. */
class MainTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern READY = Pattern.compile("Blockroom is ready: (http://\\S+)");

  @TempDir private Path folder;
  private final List<Process> programs = new ArrayList<>();

  @AfterEach
  void end_what_a_failed_test_left() {
    programs.forEach(Process::destroyForcibly);
    postgresProcesses().forEach(ProcessHandle::destroyForcibly);
    redisProcesses().forEach(ProcessHandle::destroyForcibly);
  }

  /** O02: what was started is stopped, and the status tells that it went well. */
  @Test
  void sigterm_stops_everything_with_status_0() throws Exception {
    Program program = start("first");
    URI address = program.awaitReady();
    assertThat(get(address.resolve("health/live"))).isEqualTo(200);
    assertThat(postgresProcesses()).hasSize(1);
    assertThat(redisProcesses()).hasSize(1);

    program.process().destroy();

    assertThat(program.process().waitFor(15, SECONDS)).isTrue();
    assertThat(program.process().exitValue()).isZero();
    assertThat(program.output()).contains("Blockroom has stopped.");
    assertThat(postgresProcesses()).isEmpty();
    assertThat(redisProcesses()).isEmpty();
  }

  @Test
  void after_a_crash_the_next_start_leaves_one_postgresql_and_one_redis() throws Exception {
    Program crashed = start("crashed");
    crashed.awaitReady();
    crashed.process().destroyForcibly().waitFor();
    List<Long> orphans = children();
    assertThat(orphans).hasSize(2);

    Program next = start("next");
    next.awaitReady();

    assertThat(postgresProcesses()).hasSize(1);
    assertThat(redisProcesses()).hasSize(1);
    assertThat(children()).doesNotContainAnyElementsOf(orphans);
  }

  @Test
  void after_a_crash_of_everything_the_next_start_recovers() throws Exception {
    Program crashed = start("crashed");
    crashed.awaitReady();
    crashed.process().destroyForcibly().waitFor();
    postgresProcesses().forEach(ProcessHandle::destroyForcibly);
    redisProcesses().forEach(ProcessHandle::destroyForcibly);
    await().atMost(PATIENCE).until(() -> children().isEmpty());

    start("next").awaitReady();

    assertThat(postgresProcesses()).hasSize(1);
    assertThat(redisProcesses()).hasSize(1);
  }

  @Test
  void a_second_one_on_the_same_data_is_refused_and_harms_nothing() throws Exception {
    Program first = start("first");
    URI address = first.awaitReady();

    Program second = start("second");

    assertThat(second.process().waitFor(30, SECONDS)).isTrue();
    assertThat(second.process().exitValue()).isEqualTo(1);
    assertThat(second.output()).contains("Another Blockroom is using " + dataFolder());
    assertThat(get(address.resolve("health/live"))).isEqualTo(200);
  }

  @Test
  void a_port_in_use_is_told_and_nothing_is_left_running() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Program program = start("refused", "--port", Integer.toString(taken.getLocalPort()));

      assertThat(program.process().waitFor(60, SECONDS)).isTrue();
      assertThat(program.process().exitValue()).isEqualTo(1);
      assertThat(program.output()).contains("Port " + taken.getLocalPort());
      assertThat(children()).isEmpty();
    }
  }

  @Test
  void a_stop_while_starting_leaves_nothing_running() throws Exception {
    Program program = start("stopped");
    await().atMost(PATIENCE).until(() -> Files.exists(dataFolder().resolve("postgres.pid")));

    program.process().destroy();

    assertThat(program.process().waitFor(30, SECONDS)).isTrue();
    assertThat(program.process().exitValue()).isZero();
    assertThat(children()).isEmpty();
  }

  @Test
  void wrong_settings_end_it_with_status_2_before_anything_is_made() throws Exception {
    Program program = start("wrong", "--port", "many", "--locks.ttl=0s");

    assertThat(program.process().waitFor(30, SECONDS)).isTrue();
    assertThat(program.process().exitValue()).isEqualTo(2);
    assertThat(program.output()).contains("port = many", "locks.ttl = 0s", "--help");
    assertThat(dataFolder()).doesNotExist();
  }

  private Path dataFolder() {
    return folder.resolve("우리 반 data");
  }

  private Program start(String name, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--data-dir",
                dataFolder().toString(),
                "--port",
                "0"));
    command.addAll(Arrays.asList(arguments));
    Path output = folder.resolve(name + ".txt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    programs.add(process);
    return new Program(process, output);
  }

  private record Program(Process process, Path file) {

    URI awaitReady() {
      await()
          .atMost(PATIENCE)
          .until(() -> output().contains("Ctrl-C stops it") || !process.isAlive());
      Matcher ready = READY.matcher(output());
      assertThat(ready.find()).as(output()).isTrue();
      return URI.create(ready.group(1));
    }

    String output() {
      try {
        return Files.readString(file);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  private List<ProcessHandle> postgresProcesses() {
    return processesWith(dataFolder().resolve("postgres"));
  }

  private List<ProcessHandle> redisProcesses() {
    return processesWith(dataFolder().resolve("redis/redis.conf"));
  }

  private static List<ProcessHandle> processesWith(Path argument) {
    return ProcessHandle.allProcesses()
        .filter(process ->
            Arrays.asList(process.info().arguments().orElse(new String[0]))
                .contains(argument.toString()))
        .toList();
  }

  private List<Long> children() {
    return Stream.of(postgresProcesses(), redisProcesses())
        .flatMap(List::stream)
        .map(ProcessHandle::pid)
        .toList();
  }

  private static int get(URI address) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }
}
