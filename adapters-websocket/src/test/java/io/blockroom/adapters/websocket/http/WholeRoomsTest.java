package io.blockroom.adapters.websocket.http;

import static io.blockroom.adapters.websocket.http.ApiServer.ROOMS;
import static io.blockroom.adapters.websocket.http.ApiServer.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.blockroom.application.port.in.ExportRoom;
import io.blockroom.application.port.in.ImportRoom;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rooms of any size go out and come in piece by piece. */
class WholeRoomsTest {
  private static final int MANY = 100_000;
  private static final String KILOBYTE = "[{\"x\":\"" + "x".repeat(1000) + "\"}]";
  private static final Room MAZE = Room.opened(new RoomId("maze"), 7, ApiServer.NOW);

  @Test
  void a_room_of_100_000_commits_goes_out_no_faster_than_it_is_read() throws Exception {
    AtomicInteger told = new AtomicInteger();
    ExportRoom export =
        (room, reader) -> {
          reader.begin(MAZE, new SequenceNumber(MANY), List.of());
          for (int i = 1; i <= MANY; i++) {
            reader.next(commit(i, KILOBYTE));
            told.incrementAndGet();
          }
          return true;
        };

    try (ApiServer server =
            ApiServer.brokenBut(export, command -> new ImportRoom.Outcome.Unsound());
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout((int) ApiServer.LIMIT.toMillis());
      askForMaze(socket);
      BufferedReader answer =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      assertThat(answer.readLine()).isEqualTo("HTTP/1.1 200 OK");
      await()
          .during(Duration.ofMillis(500))
          .atMost(ApiServer.LIMIT)
          .until(() -> told.get() > 0 && told.get() < MANY / 2);

      long read = 0;
      String line = "";
      while (!line.equals("0")) { // the last chunk
        line = answer.readLine();
        read += line.length();
      }
      assertThat(read).isGreaterThan((long) MANY * KILOBYTE.length());
    }
    assertThat(told).hasValue(MANY);
  }

  @Test
  void a_room_comes_in_while_it_is_still_being_sent() {
    int window = 1000;
    Semaphore mayBeSent = new Semaphore(window);
    AtomicInteger brought = new AtomicInteger();
    ImportRoom bringIn =
        command -> {
          while (command.commits().get().isPresent()) {
            brought.incrementAndGet();
            mayBeSent.release();
          }
          return new ImportRoom.Outcome.BroughtIn(command.room());
        };

    try (ApiServer server = ApiServer.brokenBut((room, reader) -> false, bringIn)) {
      HttpResponse<String> answer =
          server.send(
              "POST",
              ROOMS + "/import",
              file(
                  5_000,
                  number -> {
                    acquire(mayBeSent);
                    return KILOBYTE;
                  }));

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }
    assertThat(brought).hasValue(5_000);
  }

  @Test
  void a_file_of_more_than_64_mebibytes_is_too_large() {
    String large = "[{\"x\":\"" + "x".repeat(1_000_000) + "\"}]";
    try (ApiServer server = new ApiServer()) {
      HttpResponse<String> answer =
          server.send("POST", ROOMS + "/import", file(68, number -> large));

      assertProblem(answer, 413, "TOO_LARGE");
      assertThat(server.storage.has(new RoomId("maze"))).isFalse();
    }
  }

  @Test
  void a_file_that_says_so_before_is_not_read() {
    try (ApiServer server = new ApiServer()) {
      for (String length : List.of("67108865", "68157440", "99999999999")) {
        String answer =
            server.raw(
                "POST /api/v1/rooms/import HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Type: application/json\r\nContent-Length: "
                    + length
                    + "\r\n\r\n");

        assertThat(answer)
            .startsWith("HTTP/1.1 413")
            .contains("application/problem+json", "\"code\":\"TOO_LARGE\"");
      }
    }
  }

  @Test
  void one_value_that_is_too_long_for_a_room_is_too_large() {
    try (ApiServer server = new ApiServer()) {
      for (String value :
          List.of("\"" + "x".repeat(5 << 20) + "\"", " ".repeat(5 << 20) + "\"maze\"")) {
        assertProblem(
            server.post(
                ROOMS + "/import",
                "{\"format\":\"blockroom-room\",\"version\":1,\"room\":{\"roomId\":" + value),
            413,
            "TOO_LARGE");
      }
    }
  }

  @Test
  @DisplayName("A23: a download that breaks off does not look whole and says nothing of why")
  void a_download_that_breaks_off_does_not_look_whole() throws Exception {
    ExportRoom export =
        (room, reader) -> {
          reader.begin(MAZE, new SequenceNumber(MANY), List.of());
          for (int i = 1; i <= 1000; i++) {
            reader.next(commit(i, KILOBYTE));
          }
          throw new IllegalStateException(ApiServer.CANARY);
        };

    try (LoggedLines log = new LoggedLines();
        ApiServer server =
            ApiServer.brokenBut(export, command -> new ImportRoom.Outcome.Unsound());
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout((int) ApiServer.LIMIT.toMillis());
      askForMaze(socket);
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(answer).startsWith("HTTP/1.1 200").contains("Transfer-Encoding: chunked");
      assertThat(answer).doesNotContain("\r\n0\r\n", "]}\r\n", ApiServer.CANARY, "Exception");
      assertThat(log.text()).doesNotContain(ApiServer.CANARY);
    }
  }

  @Test
  void only_two_whole_rooms_go_out_or_come_in_at_once() throws Exception {
    CountDownLatch busy = new CountDownLatch(2);
    CountDownLatch go = new CountDownLatch(1);
    ExportRoom export =
        (room, reader) -> {
          busy.countDown();
          waitFor(go);
          return false;
        };

    try (ApiServer server =
        ApiServer.brokenBut(export, command -> new ImportRoom.Outcome.Unsound())) {
      List<Thread> threads =
          IntStream.range(0, 2)
              .mapToObj(i ->
                  Thread.ofVirtual()
                      .name("download-" + i)
                      .start(() -> server.get(ROOMS + "/maze/export")))
              .toList();
      waitFor(busy);

      HttpResponse<String> refused = server.get(ROOMS + "/maze/export");
      assertProblem(refused, 503, "OVERLOADED");
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();

      go.countDown();
      for (Thread thread : threads) {
        thread.join(ApiServer.LIMIT);
      }
      assertProblem(server.get(ROOMS + "/maze/export"), 404, "ROOM_NOT_FOUND");
    }
  }

  /** The file of a room, made while it is read. */
  private static BodyPublisher file(int commits, IntFunction<String> events) {
    String head =
        "{\"format\":\"blockroom-room\",\"version\":1,\"room\":{\"roomId\":\"maze\","
            + "\"title\":\"\",\"maxUsers\":1,\"lockPolicy\":\"advisory\",\"frozen\":false,"
            + "\"closed\":false,\"createdAt\":\"2026-01-01T00:00:00Z\"},\"seq\":"
            + commits
            + ",\"snapshots\":[],\"commits\":[";
    // Not flatMap: its iterator fetches all at once.
    Stream<String> parts =
        Stream.concat(
            Stream.of(head),
            Stream.concat(
                IntStream.rangeClosed(1, commits)
                    .mapToObj(number -> (number == 1 ? "" : ",") + json(number, events)),
                Stream.of("]}")));
    Iterator<byte[]> each = parts.map(part -> part.getBytes(StandardCharsets.UTF_8)).iterator();
    return BodyPublishers.ofByteArrays(() -> each);
  }

  private static String json(int number, IntFunction<String> events) {
    return "{\"seq\":%d,\"blockId\":\"b\",\"by\":\"ada\",\"events\":%s,\"at\":\"%s\"}"
        .formatted(number, events.apply(number), ApiServer.NOW);
  }

  private static LoggedCommit commit(long number, String events) {
    return new LoggedCommit(
        new SequenceNumber(number),
        new ClientId("ada"),
        new BlockId("b"),
        events,
        ApiServer.NOW,
        Optional.empty());
  }

  private static void askForMaze(Socket socket) throws IOException {
    socket
        .getOutputStream()
        .write(
            ("GET /api/v1/rooms/maze/export HTTP/1.1\r\nHost: localhost\r\n"
                    + "Connection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
  }

  private static void acquire(Semaphore permits) {
    try {
      assertThat(permits.tryAcquire(ApiServer.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      throw new AssertionError("interrupted", interrupted);
    }
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      assertThat(latch.await(ApiServer.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      throw new AssertionError("interrupted", interrupted);
    }
  }
}
