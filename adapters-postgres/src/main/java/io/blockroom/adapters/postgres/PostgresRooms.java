package io.blockroom.adapters.postgres;

import io.blockroom.application.port.out.Rooms;
import io.blockroom.domain.lock.LockPolicy;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomId;
import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbRow;
import java.sql.Timestamp;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Rooms as rows of the table {@code rooms}. The moment of creation is kept to the microsecond. */
final class PostgresRooms implements Rooms {
  private final PostgresCalls calls;
  private final PostgresCalls archiveCalls;

  /**
   * @param archiveCalls for what takes as long as a history is
   */
  PostgresRooms(PostgresCalls calls, PostgresCalls archiveCalls) {
    this.calls = calls;
    this.archiveCalls = archiveCalls;
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

  @Override
  public List<Room> list(Optional<RoomId> after, int limit) {
    return calls.answer(database ->
        database
            .query(
                """
                SELECT room_id, title, max_users, lock_policy, is_frozen, is_closed, created_at
                  FROM rooms
                 WHERE room_id > ?
                 ORDER BY room_id
                 LIMIT ?
                """,
                after.map(RoomId::value).orElse(""),
                limit)
            .map(PostgresRooms::room)
            .toList());
  }

  @Override
  public Optional<Room> change(RoomId id, UnaryOperator<Room> change) {
    return calls.transact(database ->
        findLocked(database, id)
            .map(change)
            .map(room -> {
              update(database, id, room);
              return room;
            }));
  }

  @Override
  public boolean delete(RoomId id) {
    return archiveCalls.answer(
        database -> database.delete("DELETE FROM rooms WHERE room_id = ?", id.value()) > 0);
  }

  private static void update(DbExecute database, RoomId id, Room room) {
    if (!room.id().equals(id)) {
      throw new IllegalArgumentException("a change of the id: " + room.id());
    }
    Text.requireStorable(room.title());
    database.update(
        """
        UPDATE rooms
           SET title = ?, max_users = ?, lock_policy = ?, is_frozen = ?, is_closed = ?
         WHERE room_id = ?
        """,
        room.title(),
        room.maxUsers(),
        room.lockPolicy().name(),
        room.isFrozen(),
        room.isClosed(),
        room.id().value());
  }

  private static Optional<Room> find(DbExecute database, RoomId id) {
    return database
        .get(
            """
            SELECT room_id, title, max_users, lock_policy, is_frozen, is_closed, created_at
              FROM rooms
             WHERE room_id = ?
            """,
            id.value())
        .map(PostgresRooms::room);
  }

  private static Optional<Room> findLocked(DbExecute database, RoomId id) {
    return database
        .get(
            """
            SELECT room_id, title, max_users, lock_policy, is_frozen, is_closed, created_at
              FROM rooms
             WHERE room_id = ?
               FOR UPDATE
            """,
            id.value())
        .map(PostgresRooms::room);
  }

  /** The room as it was stored, or nothing if somebody else was faster. */
  static Optional<Room> insert(DbExecute database, Room room) {
    return database
        .get(
            """
            INSERT INTO rooms
                   (room_id, title, max_users, lock_policy, is_frozen, is_closed, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (room_id) DO NOTHING
            RETURNING room_id, title, max_users, lock_policy, is_frozen, is_closed, created_at
            """,
            room.id().value(),
            room.title(),
            room.maxUsers(),
            room.lockPolicy().name(),
            room.isFrozen(),
            room.isClosed(),
            room.createdAt().atOffset(ZoneOffset.UTC))
        .map(PostgresRooms::room);
  }

  static Room room(DbRow row) {
    return new Room(
        new RoomId(row.column("room_id").get(String.class)),
        row.column("title").get(String.class),
        row.column("max_users").get(Integer.class),
        LockPolicy.valueOf(row.column("lock_policy").get(String.class)),
        row.column("is_frozen").get(Boolean.class),
        row.column("is_closed").get(Boolean.class),
        row.column("created_at").get(Timestamp.class).toInstant());
  }
}
