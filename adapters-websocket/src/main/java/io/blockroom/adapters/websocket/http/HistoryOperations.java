package io.blockroom.adapters.websocket.http;

import io.blockroom.adapters.websocket.codec.AnswerWriter;
import io.blockroom.adapters.websocket.codec.BodyReader;
import io.blockroom.adapters.websocket.codec.RoomFileReader;
import io.blockroom.adapters.websocket.codec.RoomFileWriter;
import io.blockroom.application.port.in.ImportRoom;
import io.blockroom.application.port.in.ReadCommits;
import io.blockroom.application.port.in.ReadSnapshot;
import io.blockroom.application.port.in.RestoreRoom;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.room.RoomId;
import io.helidon.http.Method;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** A room's history as resources. */
final class HistoryOperations {
  /** Bytes that the file of a room may have. */
  static final int MAX_FILE_BYTES = 64 << 20;

  private static final int USUAL_PAGE = 100;
  private static final int LONGEST_PAGE = 500;
  private static final int USUAL_SNAPSHOTS = 50;
  private static final int MOST_SNAPSHOTS = 100;

  /**
   * Whole rooms that go in or out at the same time. Each holds a connection to the storage as long
   * as its client takes, and there are few.
   */
  private static final int MOST_WHOLE_ROOMS = 2;

  private final HistoryUseCases history;
  private final BodyReader bodies;
  private final Semaphore wholeRooms = new Semaphore(MOST_WHOLE_ROOMS);

  HistoryOperations(HistoryUseCases history, BodyReader bodies) {
    this.history = history;
    this.bodies = bodies;
  }

  List<Route> routes() {
    return List.of(
        new Route(Method.GET, "/{roomId}/commits", this::readCommits),
        new Route(Method.GET, "/{roomId}/snapshots", this::listSnapshots),
        new Route(Method.GET, "/{roomId}/snapshots/{seq}", this::readSnapshot),
        new Route(Method.POST, "/{roomId}/restore", this::restore),
        new Route(Method.GET, "/{roomId}/export", each -> whole(each, this::export)),
        new Route(Method.POST, "/import", each -> whole(each, this::bringIn)));
  }

  private void readCommits(Exchange exchange) {
    long from = exchange.numberParameter("from", 1, Exchange.MAX_NUMBER, 1);
    long to = exchange.numberParameter("to", from, Exchange.MAX_NUMBER, Exchange.MAX_NUMBER);
    int limit = (int) exchange.numberParameter("limit", 1, LONGEST_PAGE, USUAL_PAGE);
    ReadCommits.Outcome outcome =
        history
            .commits()
            .read(exchange.room(), new SequenceNumber(from), new SequenceNumber(to), limit);
    switch (outcome) {
      case ReadCommits.Outcome.Found page -> exchange.answer(AnswerWriter.commits(page));
      case ReadCommits.Outcome.Forgotten forgotten -> exchange.refuse(Problem.SEQ_NOT_FOUND);
      case ReadCommits.Outcome.NoSuchRoom none -> exchange.refuse(Problem.ROOM_NOT_FOUND);
    }
  }

  private void listSnapshots(Exchange exchange) {
    long below = exchange.numberParameter("below", 0, Exchange.MAX_NUMBER, Exchange.MAX_NUMBER);
    int limit = (int) exchange.numberParameter("limit", 1, MOST_SNAPSHOTS, USUAL_SNAPSHOTS);
    history
        .snapshots()
        .list(exchange.room(), new SequenceNumber(below), limit)
        .ifPresentOrElse(
            page -> exchange.answer(AnswerWriter.snapshots(page)),
            () -> exchange.refuse(Problem.ROOM_NOT_FOUND));
  }

  private void readSnapshot(Exchange exchange) {
    switch (history.snapshot().read(exchange.room(), exchange.seq())) {
      case ReadSnapshot.Outcome.Found found ->
          exchange.answer(AnswerWriter.snapshot(found.snapshot()));
      case ReadSnapshot.Outcome.NoSuchSeq none -> exchange.refuse(Problem.SEQ_NOT_FOUND);
      case ReadSnapshot.Outcome.NoSuchRoom none -> exchange.refuse(Problem.ROOM_NOT_FOUND);
    }
  }

  private void restore(Exchange exchange) {
    switch (history.restore().restore(exchange.room(), bodies.restore(exchange.body()))) {
      case RestoreRoom.Outcome.Restored restored ->
          exchange.answer(AnswerWriter.restored(restored));
      case RestoreRoom.Outcome.NoSuchSeq none -> exchange.refuse(Problem.SEQ_NOT_FOUND);
      case RestoreRoom.Outcome.NoSuchRoom none -> exchange.refuse(Problem.ROOM_NOT_FOUND);
    }
  }

  private void export(Exchange exchange) {
    RoomId room = exchange.room();
    RoomFileWriter file = new RoomFileWriter(() -> exchange.download(room));
    if (history.export().export(room, file)) {
      file.end();
    } else {
      exchange.refuse(Problem.ROOM_NOT_FOUND);
    }
  }

  private void bringIn(Exchange exchange) {
    Optional<RoomId> otherId = exchange.roomParameter("roomId");
    RoomFileReader file = new RoomFileReader(exchange.stream(MAX_FILE_BYTES), MAX_FILE_BYTES);
    switch (history.bringIn().bringIn(file.read(otherId))) {
      case ImportRoom.Outcome.BroughtIn broughtIn ->
          exchange.answerCreated(broughtIn.room().id(), AnswerWriter.room(broughtIn.room()));
      case ImportRoom.Outcome.RoomExists exists -> exchange.refuse(Problem.ROOM_EXISTS);
      case ImportRoom.Outcome.Unsound unsound -> exchange.refuse(Problem.BAD_MESSAGE);
    }
  }

  private void whole(Exchange exchange, Route.Operation operation) {
    if (!wholeRooms.tryAcquire()) {
      exchange.refuse(Problem.OVERLOADED);
      return;
    }
    try {
      operation.answer(exchange);
    } finally {
      wholeRooms.release();
    }
  }
}
