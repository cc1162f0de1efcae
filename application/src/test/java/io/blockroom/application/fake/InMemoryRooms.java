package io.blockroom.application.fake;

import io.blockroom.application.port.out.Rooms;
import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Rooms that live as long as the test. */
public final class InMemoryRooms implements Rooms {
  private final Map<RoomId, Room> rooms = new ConcurrentHashMap<>();
  private volatile boolean lost;

  /** From now on the storage does not answer. */
  public void loseStorage() {
    lost = true;
  }

  /** From now on the storage answers again; it has kept everything. */
  public void restoreStorage() {
    lost = false;
  }

  @Override
  public Optional<Room> find(RoomId id) {
    requireStorage();
    return Optional.ofNullable(rooms.get(id));
  }

  @Override
  public Opened open(Room candidate) {
    requireStorage();
    Room earlier = rooms.putIfAbsent(candidate.id(), candidate);
    return earlier == null ? new Opened(candidate, true) : new Opened(earlier, false);
  }

  /** Whether the room exists, storage lost or not. */
  boolean has(RoomId id) {
    return rooms.containsKey(id);
  }

  private void requireStorage() {
    if (lost) {
      throw new StorageUnavailable(new IllegalStateException("lost by the test"));
    }
  }
}
