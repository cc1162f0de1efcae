package io.blockroom.adapters.postgres;

import io.blockroom.application.port.out.Rooms;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomId;
import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbRow;
import java.sql.Timestamp;
import java.time.ZoneOffset;
import java.util.Optional;

/** Rooms as rows of the table {@code rooms}. The moment of creation is kept to the microsecond. */
final class PostgresRooms implements Rooms {
  private final PostgresCalls calls;

  PostgresRooms(PostgresCalls calls) {
    this.calls = calls;
  }

  @Override
  public Optional<Room> find(RoomId id) {
    return calls.answer(database -> find(database, id));
  }

  @Override
  public Opened open(Room candidate) {
    Text.requireStorable(candidate.title());
    // Nearly every room that is opened exists: look first, and write only when it does not.
    return calls.answer(database ->
        find(database, candidate.id())
            .map(room -> new Opened(room, false))
            .or(() -> insert(database, candidate).map(room -> new Opened(room, true)))
            .orElseGet(() -> new Opened(find(database, candidate.id()).orElseThrow(), false)));
  }

  private static Optional<Room> find(DbExecute database, RoomId id) {
    return database
        .get(
            """
            SELECT room_id, title, max_users, created_at
              FROM rooms
             WHERE room_id = ?
            """,
            id.value())
        .map(PostgresRooms::room);
  }

  /** The room as it was stored, or nothing if somebody else was faster. */
  private static Optional<Room> insert(DbExecute database, Room room) {
    return database
        .get(
            """
            INSERT INTO rooms (room_id, title, max_users, created_at)
            VALUES (?, ?, ?, ?)
            ON CONFLICT (room_id) DO NOTHING
            RETURNING room_id, title, max_users, created_at
            """,
            room.id().value(),
            room.title(),
            room.maxUsers(),
            room.createdAt().atOffset(ZoneOffset.UTC))
        .map(PostgresRooms::room);
  }

  private static Room room(DbRow row) {
    return new Room(
        new RoomId(row.column("room_id").get(String.class)),
        row.column("title").get(String.class),
        row.column("max_users").get(Integer.class),
        row.column("created_at").get(Timestamp.class).toInstant());
  }
}
