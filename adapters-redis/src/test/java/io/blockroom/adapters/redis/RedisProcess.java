package io.blockroom.adapters.redis;

import static org.awaitility.Awaitility.await;

import io.blockroom.adapters.redis.RedisSettings.Topology;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import redis.embedded.core.ExecutableProvider;

/** A real Redis with an append-only file, to be stopped, frozen and killed. */
public final class RedisProcess implements RedisServers {
  /** How far a cluster's servers talk to each other from where they talk to everybody. */
  private static final int BUS_OFFSET = 10_000;

  private final int port = freePort();
  private final Path folder;
  private final String configuration;
  private final List<String> options;
  private Process process;

  private RedisProcess(String configuration, List<String> options) {
    this.configuration = configuration;
    this.options = options;
    try {
      folder = Files.createTempDirectory("blockroom-redis");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    process = launch();
  }

  /** Starts an empty one, with options as on its command line. */
  public static RedisProcess start(String... options) {
    List<String> all = new ArrayList<>(List.of("--appendonly", "yes", "--save", ""));
    all.addAll(List.of(options));
    return endingWithTests(new RedisProcess("", all));
  }

  /** Starts a sentinel that watches a master, which is taken for dead after a second. */
  static RedisProcess sentinel(RedisProcess master, String name, int quorum) {
    String configuration =
        """
        sentinel monitor %1$s 127.0.0.1 %2$d %3$d
        sentinel down-after-milliseconds %1$s 1000
        sentinel failover-timeout %1$s 3000
        """
            .formatted(name, master.port, quorum);
    return endingWithTests(new RedisProcess(configuration, List.of("--sentinel")));
  }

  /** Also when the tests are ended from outside. */
  private static RedisProcess endingWithTests(RedisProcess redis) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> redis.process.destroyForcibly()));
    return redis;
  }

  public int port() {
    return port;
  }

  public String address() {
    return "redis://127.0.0.1:" + port;
  }

  @Override
  public Topology topology() {
    return new Topology.Single(address(), 0);
  }

  /** Ends it at once, as {@code kill -9} does. */
  public void kill() {
    process.destroyForcibly();
    waitForEnd();
  }

  /** Starts it again with what it had stored. */
  public void restart() {
    process = launch();
  }

  /** Starts it again with nothing. */
  public void restartEmpty() {
    deleteFolder();
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    restart();
  }

  /** It stays connected and does not answer ({@code SIGSTOP}). */
  @Override
  public void freeze() {
    signal("STOP");
  }

  /** It goes on ({@code SIGCONT}). */
  @Override
  public void thaw() {
    signal("CONT");
  }

  @Override
  public Duration processorTime() {
    return process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Asks it something in its inline form and returns all it says. */
  String ask(String command) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(2000);
      socket.getOutputStream().write((command + "\r\nQUIT\r\n").getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException silent) {
      return "";
    }
  }

  @Override
  public void close() {
    kill();
    deleteFolder();
  }

  private Process launch() {
    try {
      List<String> command =
          new ArrayList<>(
              List.of(
                  program(),
                  Files.writeString(folder.resolve("redis.conf"), configuration).toString(),
                  "--bind",
                  "127.0.0.1",
                  "--port",
                  Integer.toString(port),
                  "--dir",
                  folder.toString()));
      command.addAll(options);
      Process launched =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      await().atMost(Duration.ofSeconds(20)).until(() -> !ask("PING").isEmpty());
      return launched;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String program() throws IOException {
    for (String folder : System.getenv("PATH").split(File.pathSeparator, -1)) {
      for (String name : List.of("redis-server", "valkey-server")) {
        if (Files.isExecutable(Path.of(folder, name))) {
          return Path.of(folder, name).toString();
        }
      }
    }
    return ExecutableProvider.newJarResourceProvider().get().getAbsolutePath();
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

  private void waitForEnd() {
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("Redis does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void deleteFolder() {
    try (Stream<Path> paths = Files.walk(folder)) {
      paths.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One that has room for a cluster's bus, too. */
  private static int freePort() {
    while (true) {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        int port = socket.getLocalPort();
        if (port + BUS_OFFSET <= 65_535 && isFree(port + BUS_OFFSET)) {
          return port;
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
