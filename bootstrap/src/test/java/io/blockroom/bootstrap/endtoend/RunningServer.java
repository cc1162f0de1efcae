package io.blockroom.bootstrap.endtoend;

import io.blockroom.bootstrap.Backends;
import io.blockroom.bootstrap.Server;
import io.blockroom.bootstrap.settings.DatabaseUrl;
import io.blockroom.bootstrap.settings.InvalidSettings;
import io.blockroom.bootstrap.settings.Settings;
import io.blockroom.bootstrap.settings.SettingsReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A server with its own PostgreSQL and Redis, in this process; its backends can be hurt. */
public final class RunningServer implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Settings settings;
  private final Backends backends;
  private Server server;

  private RunningServer(Settings settings) throws InterruptedException {
    this.settings = settings;
    backends = Backends.start(settings, System.getenv());
    server = Server.start(settings, backends);
  }

  /** Starts one on any free port, its data under the folder. */
  public static RunningServer start(Path dataDir, String... flags) {
    List<String> all = new ArrayList<>(List.of("--port", "0", "--data-dir", dataDir.toString()));
    all.addAll(List.of(flags));
    try {
      return new RunningServer(SettingsReader.read(all, Map.of(), dataDir));
    } catch (InvalidSettings e) {
      throw new IllegalArgumentException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Another server in this process that shares the backends of this one. */
  Server another(String nodeId, String... flags) {
    DatabaseUrl database = backends.database();
    String redis = backends.redis().toString().replaceAll("^redis://([^/]*).*$", "redis://:%s@$1");
    List<String> all =
        new ArrayList<>(
            List.of(
                "--port",
                "0",
                "--node.id",
                nodeId,
                "--database.url",
                "%s?user=%s&password=%s"
                    .formatted(database.jdbc(), database.user(), database.password()),
                "--redis.url",
                redis.formatted(backends.redis().password())));
    all.addAll(List.of(flags));
    try {
      Settings others = SettingsReader.read(all, Map.of(), Path.of(""));
      return Server.start(others, Backends.start(others, Map.of()));
    } catch (InvalidSettings e) {
      throw new IllegalArgumentException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public int port() {
    return server.port();
  }

  /** Stops the server and starts it again; PostgreSQL and Redis go on. */
  public void restart() {
    server.close();
    server = Server.start(settings, backends);
  }

  /** Freezes PostgreSQL: it stays connected and does not answer. */
  public void freezePostgres() {
    signal("STOP", "postgres");
  }

  public void thawPostgres() {
    signal("CONT", "postgres");
  }

  public void freezeRedis() {
    signal("STOP", "redis.conf");
  }

  public void thawRedis() {
    signal("CONT", "redis.conf");
  }

  /** Sends a request and returns the answer. */
  public HttpResponse<String> get(String path) {
    return send(request(path).build());
  }

  /** Posts JSON and returns the answer. */
  public HttpResponse<String> post(String path, String json) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
  }

  private static HttpResponse<String> send(HttpRequest request) {
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    thawPostgres();
    thawRedis();
    server.close();
    backends.close();
  }

  private static void signal(String name, String mark) {
    try (Stream<ProcessHandle> children = ProcessHandle.current().descendants()) {
      children
          .filter(child -> child.info().commandLine().orElse("").contains(mark))
          .forEach(child -> signal(name, child.pid()));
    }
  }

  private static void signal(String name, long pid) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
