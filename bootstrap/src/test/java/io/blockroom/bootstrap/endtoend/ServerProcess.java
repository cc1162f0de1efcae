package io.blockroom.bootstrap.endtoend;

import static org.awaitility.Awaitility.await;

import io.blockroom.bootstrap.StoppingServer;
import io.blockroom.bootstrap.StoppingServer.Point;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A server in a process of its own, to be killed, frozen and stopped at a point. */
final class ServerProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final List<String> said = new ArrayList<>();

  private ServerProcess(List<String> command) {
    try {
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    Thread.ofVirtual().name("said-by-" + process.pid()).start(this::listen);
    await().atMost(PATIENCE).until(() -> count("port ") > 0 || !process.isAlive());
  }

  /** Starts one and waits until it serves. */
  static ServerProcess start(Backbone backbone, String nodeId, Point point, String... flags) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            StoppingServer.class.getName(),
            point.name()));
    command.addAll(backbone.flags(nodeId));
    command.addAll(List.of(flags));
    return new ServerProcess(command);
  }

  int port() {
    return lines().stream()
        .filter(line -> line.startsWith("port "))
        .map(line -> Integer.parseInt(line.substring("port ".length())))
        .findFirst()
        .orElseThrow();
  }

  /** Waits until so many commits stand still. */
  void awaitStopped(int commits) {
    await().atMost(PATIENCE).until(() -> count("stopped ") >= commits);
  }

  /** Lets them go on, and waits until the log has judged so many. */
  List<String> goOn(int commits) {
    try {
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    await().atMost(PATIENCE).until(() -> count("judged ") >= commits);
    return lines().stream().filter(line -> line.startsWith("judged ")).toList();
  }

  /** Ends it at once, as {@code kill -9} does. */
  void kill() {
    process.destroyForcibly();
    await().atMost(PATIENCE).until(() -> !process.isAlive());
  }

  void freeze() {
    signal("STOP");
  }

  void thaw() {
    signal("CONT");
  }

  @Override
  public void close() {
    kill();
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void listen() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        synchronized (said) {
          said.add(line);
        }
      }
    } catch (IOException ended) {
      return; // killed
    }
  }

  private long count(String beginning) {
    return lines().stream().filter(line -> line.startsWith(beginning)).count();
  }

  private List<String> lines() {
    synchronized (said) {
      return List.copyOf(said);
    }
  }
}
