package io.blockroom.adapters.websocket.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.adapters.websocket.connection.OriginPolicy;
import io.blockroom.application.fake.InMemoryCoordination;
import io.blockroom.application.fake.InMemoryStorage;
import io.blockroom.application.port.in.DescribeRoom;
import io.blockroom.application.port.in.ExportRoom;
import io.blockroom.application.port.in.ForceRelease;
import io.blockroom.application.port.in.ImportRoom;
import io.blockroom.application.port.out.RoomArchive.Header;
import io.blockroom.application.service.Identities;
import io.blockroom.application.service.RoomDirectory;
import io.blockroom.application.service.RoomDirectory.RoomDefaults;
import io.blockroom.application.service.RoomHistory;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.lock.Ticket;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import io.helidon.http.DirectHandler;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.LongStream;

/** The HTTP side on a real server, with everything behind it in memory; and a client of it. */
final class ApiServer implements AutoCloseable {
  static final Duration LIMIT = Duration.ofSeconds(60);
  static final Instant NOW = Instant.parse("2026-11-24T08:00:00.123456Z");
  static final String CANARY = "canary-4711";
  static final String ROOMS = RoomsApi.PATH;

  final InMemoryStorage storage = new InMemoryStorage(() -> NOW, () -> new Epoch("first-epoch"));
  final InMemoryCoordination coordination = new InMemoryCoordination();
  final Jsonb jsonb = JsonbBuilder.create();
  final RoomDirectory directory =
      new RoomDirectory(storage, coordination, coordination, new RoomDefaults(true, 7), () -> NOW);
  final RoomHistory history =
      new RoomHistory(directory, storage, storage, storage, new CountedIdentities());
  final RoomsApi api;

  /** What becomes of a lock that is ended from outside. */
  volatile BiFunction<String, BlockId, ForceRelease.Outcome> forcing =
      (room, block) -> ForceRelease.Outcome.FREED;

  private final HttpClient client = HttpClient.newHttpClient();
  private final WebServer server;

  ApiServer() {
    RoomDirectory rooms = directory;
    api =
        new RoomsApi(
            new DirectoryUseCases(
                rooms,
                rooms,
                rooms,
                rooms,
                rooms,
                rooms,
                (room, block) -> forcing.apply(room, block)),
            new HistoryUseCases(history, history, history, history, history, history),
            jsonb);
    server = started(new RoomApi(directory, jsonb));
  }

  private ApiServer(DirectoryUseCases rooms, HistoryUseCases histories, DescribeRoom describe) {
    api = new RoomsApi(rooms, histories, jsonb);
    server = started(new RoomApi(describe, jsonb));
  }

  /** A server that fails at everything, with a secret in what it throws. */
  static ApiServer broken() {
    return brokenBut(
        (room, reader) -> {
          throw canary();
        },
        command -> {
          throw canary();
        });
  }

  /** The same, except that whole rooms go out and come in as told. */
  static ApiServer brokenBut(ExportRoom export, ImportRoom bringIn) {
    return new ApiServer(
        new DirectoryUseCases(
            command -> {
              throw canary();
            },
            room -> {
              throw canary();
            },
            (after, limit) -> {
              throw canary();
            },
            (room, change) -> {
              throw canary();
            },
            room -> {
              throw canary();
            },
            room -> {
              throw canary();
            },
            (room, block) -> {
              throw canary();
            }),
        new HistoryUseCases(
            (room, from, to, limit) -> {
              throw canary();
            },
            (room, below, limit) -> {
              throw canary();
            },
            (room, seq) -> {
              throw canary();
            },
            (room, seq) -> {
              throw canary();
            },
            export,
            bringIn),
        room -> {
          throw canary();
        });
  }

  private static IllegalStateException canary() {
    return new IllegalStateException(CANARY);
  }

  private WebServer started(RoomApi seed) {
    return WebServer.builder()
        .host("127.0.0.1")
        .port(0)
        .shutdownHook(false)
        .connectionOptions(options -> options.tcpNoDelay(true))
        .maxPayloadSize(RoomsApi.MAX_BODY_BYTES)
        .directHandlers(
            DirectHandlers.builder()
                .addHandler(DirectHandler.EventType.BAD_REQUEST, new UnreadableRequests())
                .build())
        .routing(routes ->
            routes
                .addFilter(new BrowserPolicy(new OriginPolicy(Set.of(), true, true)))
                .register(RoomApi.PATH, seed)
                .register(RoomsApi.PATH, api)
                .register("/", new ContractFiles())
                .register("/", new FrontPage()))
        .build()
        .start();
  }

  int port() {
    return server.port();
  }

  HttpResponse<String> get(String path) {
    return send(request(path).GET());
  }

  HttpResponse<String> post(String path, String json) {
    return send("POST", path, json);
  }

  HttpResponse<String> send(String method, String path, String json) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(json)));
  }

  HttpResponse<String> send(String method, String path, BodyPublisher body) {
    return send(request(path).header("Content-Type", "application/json").method(method, body));
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException broken) {
      throw new AssertionError("no answer", broken);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", interrupted);
    }
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path)).timeout(LIMIT);
  }

  /** Sends bytes as they are and returns all that comes back until the server ends it. */
  String raw(String request) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
      socket.setSoTimeout((int) LIMIT.toMillis());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new AssertionError("no answer", broken);
    }
  }

  /** A room with so many commits and these snapshots. */
  void bringIn(String name, int commits, WorkspaceSnapshot... snapshots) {
    Room room = Room.opened(new RoomId(name), 7, NOW);
    Iterator<LoggedCommit> each =
        LongStream.rangeClosed(1, commits).mapToObj(ApiServer::commit).iterator();
    assertThat(
            storage.bringIn(
                new Header(room, new SequenceNumber(commits), Arrays.asList(snapshots)),
                () -> each.hasNext() ? Optional.of(each.next()) : Optional.empty(),
                new Epoch("epoch-of-" + commits)))
        .isTrue();
  }

  /** Every second one has a name; the events have blanks where nobody would expect them. */
  static LoggedCommit commit(long number) {
    return new LoggedCommit(
        new SequenceNumber(number),
        new ClientId("ada"),
        new BlockId("b:{" + number + "}"),
        "[ {\"type\":\"move\" , \"blockId\":\"b:{%d}\",\"x\":1.50,\"t\":\"\\u00e4\uD55C\"} ]"
            .formatted(number),
        NOW.plusSeconds(number),
        number % 2 == 0 ? Optional.of(new CommitId("c" + number)) : Optional.empty());
  }

  static void assertProblem(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(answer.body())
        .contains("\"status\":" + status, "\"code\":\"" + code + "\"", "\"type\":\"urn:");
  }

  static List<String> header(HttpResponse<?> answer, String name) {
    return answer.headers().allValues(name);
  }

  @Override
  public void close() {
    client.close();
    server.stop();
    try {
      jsonb.close();
    } catch (Exception failure) {
      throw new AssertionError("JSON-B cannot be closed", failure);
    }
  }

  /** Epochs in the order of asking. */
  private static final class CountedIdentities implements Identities {
    private int epochs;

    @Override
    public ClientId newClientId() {
      return new ClientId("nobody");
    }

    @Override
    public Ticket newTicket() {
      return new Ticket(UUID.randomUUID().toString());
    }

    @Override
    public synchronized Epoch newEpoch() {
      return new Epoch("epoch-" + ++epochs);
    }

    @Override
    public int draw() {
      return 0;
    }
  }
}
