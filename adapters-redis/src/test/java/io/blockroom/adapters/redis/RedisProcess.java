package io.blockroom.adapters.redis;

import static org.awaitility.Awaitility.await;

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
public final class RedisProcess implements AutoCloseable {
  private final int port = freePort();
  private final Path folder;
  private final List<String> options;
  private Process process;

  private RedisProcess(List<String> options) {
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
    RedisProcess redis = new RedisProcess(List.of(options));
    // Also when the tests are ended from outside.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> redis.process.destroyForcibly()));
    return redis;
  }

  public int port() {
    return port;
  }

  public String address() {
    return "redis://127.0.0.1:" + port;
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
  public void freeze() {
    signal("STOP");
  }

  /** It goes on ({@code SIGCONT}). */
  public void thaw() {
    signal("CONT");
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
                  "--bind",
                  "127.0.0.1",
                  "--port",
                  Integer.toString(port),
                  "--dir",
                  folder.toString(),
                  "--appendonly",
                  "yes",
                  "--save",
                  ""));
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

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
