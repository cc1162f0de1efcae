package io.blockroom.faults.harness;

import io.blockroom.bootstrap.StoppingServer.Point;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Three servers on one PostgreSQL and one Redis; every link between them can be hurt. */
public final class ThreeNodes implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static final int VISITS = 10;
  private static final Duration BETWEEN_VISITS = Duration.ofMillis(500);

  private final Backbone backbone;
  private final List<Node> nodes = new ArrayList<>();
  private final List<String> flags;

  /** One server and its links. */
  public static final class Node implements AutoCloseable {
    private final String name;
    private final FaultProxy postgres;
    private final FaultProxy redis;
    private final FaultProxy clients;
    private final ServerProcess server;

    private Node(String name, Backbone backbone, List<String> flags) {
      this.name = name;
      postgres = new FaultProxy(name + "-postgres", backbone.postgres().port(), 1);
      redis = new FaultProxy(name + "-redis", backbone.redis().port(), 2);
      List<String> all = new ArrayList<>(Backbone.flags(name, postgres.port(), redis.port()));
      all.addAll(flags);
      server = ServerProcess.start(Point.NOWHERE, all);
      clients = new FaultProxy(name + "-clients", server.port(), 3);
    }

    public String name() {
      return name;
    }

    public FaultProxy redis() {
      return redis;
    }

    public FaultProxy clients() {
      return clients;
    }

    public ServerProcess server() {
      return server;
    }

    public List<FaultProxy> links() {
      return List.of(postgres, redis, clients);
    }

    /** Begins to join a room here. */
    public Client knock(Recorder recorder, String room) {
      return Client.knock(recorder, name, clients.port(), room);
    }

    /** Joins a room here; who is told to try again (1012, 1013) does so. */
    public Client join(Recorder recorder, String room) {
      for (int visit = 0; visit < VISITS; visit++) {
        Client client = knock(recorder, room);
        if (client.isIn() && client.isConnected()) {
          return client;
        }
        if (client.closeCode() != 1012 && client.closeCode() != 1013) {
          throw new AssertionError("%s: %d".formatted(name, client.closeCode()));
        }
        Meanwhile.passes(BETWEEN_VISITS);
      }
      throw new AssertionError(name + " lets nobody in");
    }

    public boolean isReady() {
      try {
        return HTTP.send(
                    HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + server.port() + "/health/ready"))
                        .timeout(Duration.ofSeconds(5))
                        .build(),
                    HttpResponse.BodyHandlers.discarding())
                .statusCode()
            == 200;
      } catch (IOException silent) {
        return false;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    @Override
    public void close() {
      server.close();
      clients.close();
      redis.close();
      postgres.close();
    }
  }

  public ThreeNodes(String... flags) {
    this(new Backbone(), flags);
  }

  /** On a backbone that was made ready for something; it is closed with the servers. */
  public ThreeNodes(Backbone backbone, String... flags) {
    this.backbone = backbone;
    this.flags = List.of(flags);
    nodes.add(new Node("node-0", backbone, this.flags)); // makes the schema
    nodes.addAll(
        IntStream.of(1, 2)
            .parallel()
            .mapToObj(i -> new Node("node-" + i, backbone, this.flags))
            .toList());
  }

  public Backbone backbone() {
    return backbone;
  }

  public Node node(int number) {
    return nodes.get(number);
  }

  /** Puts a new one in the place of one that was killed. */
  public void replace(int number) {
    nodes.get(number).close();
    nodes.set(number, new Node("node-" + number, backbone, flags));
  }

  public List<FaultProxy> links() {
    return nodes.stream().flatMap(node -> node.links().stream()).toList();
  }

  @Override
  public void close() {
    nodes.forEach(Node::close);
    try {
      backbone.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
