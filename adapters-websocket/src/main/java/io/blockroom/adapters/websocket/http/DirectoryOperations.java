package io.blockroom.adapters.websocket.http;

import io.blockroom.adapters.websocket.codec.AnswerWriter;
import io.blockroom.adapters.websocket.codec.BodyReader;
import io.blockroom.application.port.in.CreateRoom;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomView;
import io.helidon.http.Method;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Rooms as resources. */
final class DirectoryOperations {
  private static final int USUAL_PAGE = 50;
  private static final int LONGEST_PAGE = 100;

  private final DirectoryUseCases rooms;
  private final BodyReader bodies;

  DirectoryOperations(DirectoryUseCases rooms, BodyReader bodies) {
    this.rooms = rooms;
    this.bodies = bodies;
  }

  List<Route> routes() {
    return List.of(
        new Route(Method.POST, "", this::create),
        new Route(Method.GET, "", this::list),
        new Route(Method.GET, "/{roomId}", this::find),
        new Route(Method.PATCH, "/{roomId}", this::change),
        new Route(Method.DELETE, "/{roomId}", this::delete),
        new Route(Method.GET, "/{roomId}/members", each -> look(each, AnswerWriter::members)),
        new Route(Method.GET, "/{roomId}/locks", each -> look(each, AnswerWriter::locks)),
        new Route(Method.DELETE, "/{roomId}/locks", this::force));
  }

  private void create(Exchange exchange) {
    switch (rooms.create().create(bodies.newRoom(exchange.body()))) {
      case CreateRoom.Outcome.Created created ->
          exchange.answerCreated(created.room().id(), AnswerWriter.room(created.room()));
      case CreateRoom.Outcome.RoomExists exists -> exchange.refuse(Problem.ROOM_EXISTS);
    }
  }

  private void list(Exchange exchange) {
    int limit = (int) exchange.numberParameter("limit", 1, LONGEST_PAGE, USUAL_PAGE);
    exchange.answer(AnswerWriter.rooms(rooms.list().list(exchange.roomParameter("after"), limit)));
  }

  private void find(Exchange exchange) {
    answer(exchange, rooms.find().find(exchange.room()), AnswerWriter::room);
  }

  private void change(Exchange exchange) {
    Optional<Room> changed = rooms.change().change(exchange.room(), bodies.change(exchange.body()));
    answer(exchange, changed, AnswerWriter::room);
  }

  private void delete(Exchange exchange) {
    if (rooms.delete().delete(exchange.room())) {
      exchange.answerDone();
    } else {
      exchange.refuse(Problem.ROOM_NOT_FOUND);
    }
  }

  private void look(Exchange exchange, Function<RoomView, byte[]> writer) {
    answer(exchange, rooms.look().look(exchange.room()), writer);
  }

  private void force(Exchange exchange) {
    switch (rooms.force().force(exchange.room().value(), exchange.block())) {
      case FREED -> exchange.answerDone();
      case NOT_HELD -> exchange.refuse(Problem.LOCK_NOT_HELD);
      case NO_SUCH_ROOM -> exchange.refuse(Problem.ROOM_NOT_FOUND);
    }
  }

  private static <T> void answer(Exchange exchange, Optional<T> found, Function<T, byte[]> writer) {
    found.ifPresentOrElse(
        each -> exchange.answer(writer.apply(each)), () -> exchange.refuse(Problem.ROOM_NOT_FOUND));
  }
}
