package io.blockroom.faults.harness;

import static org.awaitility.Awaitility.await;

import io.blockroom.bootstrap.Main;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server in a process of its own, to be killed, frozen and stopped at a point. */
public final class ServerProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What either program says of its port. */
  private static final Pattern PORT = Pattern.compile("^(?:port |Blockroom is ready: .*:)(\\d+)");

  private static final List<String> JAVA =
      List.of(
          Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "--enable-native-access=ALL-UNNAMED",
          "-cp",
          System.getProperty("java.class.path"));

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
    await().atMost(PATIENCE).until(() -> isServing() || !process.isAlive());
  }

  /** Starts one and waits until it serves. */
  public static ServerProcess start(
      Backbone backbone, String nodeId, Point point, String... flags) {
    List<String> all = new ArrayList<>(backbone.flags(nodeId));
    all.addAll(List.of(flags));
    return start(point, all);
  }

  /** The same with flags that say everything. */
  public static ServerProcess start(Point point, List<String> flags) {
    List<String> command = new ArrayList<>(JAVA);
    command.add(StoppingServer.class.getName());
    command.add(point.name());
    command.addAll(flags);
    ServerProcess started = new ServerProcess(command);
    Reaper.watch();
    return started;
  }

  /** Starts one as operators do. */
  public static ServerProcess startAsShipped(List<String> flags) {
    List<String> command = new ArrayList<>(JAVA);
    command.add(Main.class.getName());
    command.addAll(flags);
    ServerProcess started = new ServerProcess(command);
    Reaper.watch();
    return started;
  }

  public long pid() {
    return process.pid();
  }

  public int port() {
    return lines().stream()
        .map(PORT::matcher)
        .filter(Matcher::find)
        .map(said -> Integer.parseInt(said.group(1)))
        .findFirst()
        .orElseThrow();
  }

  /** Asks it to stop (SIGTERM), waits until it has, and returns its exit status. */
  public int terminate(Duration limit) {
    process.destroy();
    await().atMost(limit).until(() -> !process.isAlive());
    return process.exitValue();
  }

  /** Waits until so many commits stand still. */
  public void awaitStopped(int commits) {
    await().atMost(PATIENCE).until(() -> count("stopped ") >= commits);
  }

  /** Lets them go on, and waits until the log has judged so many. */
  public List<String> goOn(int commits) {
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
  public void kill() {
    process.destroyForcibly();
    await().atMost(PATIENCE).until(() -> !process.isAlive());
  }

  public void freeze() {
    signal("STOP");
  }

  public void thaw() {
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

  private boolean isServing() {
    return lines().stream().anyMatch(line -> PORT.matcher(line).find());
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
