package io.blockroom.application.service;

import io.blockroom.application.port.in.ChangeRoom;
import io.blockroom.application.port.in.CreateRoom;
import io.blockroom.application.port.in.DeleteRoom;
import io.blockroom.application.port.in.DescribeRoom;
import io.blockroom.application.port.in.FindRoom;
import io.blockroom.application.port.in.ListRooms;
import io.blockroom.application.port.in.LookIntoRoom;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.RoomBroadcast;
import io.blockroom.application.port.out.Rooms;
import io.blockroom.application.port.out.Rooms.Opened;
import io.blockroom.application.port.out.Seats;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Which rooms there are, what they are like, and whether asking for one creates it. */
public final class RoomDirectory
    implements DescribeRoom, CreateRoom, FindRoom, ListRooms, ChangeRoom, DeleteRoom, LookIntoRoom {
  private final Rooms rooms;
  private final Seats seats;
  private final RoomBroadcast broadcast;
  private final RoomDefaults defaults;
  private final InstantSource clock;

  /**
   * How rooms come to be.
   *
   * @param autoCreate whether asking for a room creates it
   * @param maxUsers how many may be in a room that is created so
   */
  public record RoomDefaults(boolean autoCreate, int maxUsers) {}

  public RoomDirectory(
      Rooms rooms,
      Seats seats,
      RoomBroadcast broadcast,
      RoomDefaults defaults,
      InstantSource clock) {
    this.rooms = rooms;
    this.seats = seats;
    this.broadcast = broadcast;
    this.defaults = defaults;
    this.clock = clock;
  }

  @Override
  public DescribeRoom.Outcome describe(String name) {
    return open(name)
        .<DescribeRoom.Outcome>map(opened ->
            new DescribeRoom.Outcome.Described(
                opened.room(), seats.taken(opened.room().id()), opened.isNew()))
        .orElseGet(DescribeRoom.Outcome.NoSuchRoom::new);
  }

  @Override
  public CreateRoom.Outcome create(CreateRoom.Command command) {
    Room usual = Room.opened(command.id(), defaults.maxUsers(), clock.instant());
    Opened opened =
        rooms.open(
            usual
                .withTitle(command.title().orElse(usual.title()))
                .withMaxUsers(command.maxUsers().orElse(usual.maxUsers()))
                .withLockPolicy(command.lockPolicy().orElse(usual.lockPolicy())));
    return opened.isNew()
        ? new CreateRoom.Outcome.Created(opened.room())
        : new CreateRoom.Outcome.RoomExists();
  }

  @Override
  public Optional<Room> find(RoomId id) {
    return rooms.find(id);
  }

  @Override
  public Page list(Optional<RoomId> after, int limit) {
    List<Room> found = rooms.list(after, limit + 1);
    return new Page(found.stream().limit(limit).toList(), found.size() <= limit);
  }

  @Override
  public Optional<Room> change(RoomId id, Change change) {
    Optional<Room> changed = rooms.change(id, room -> changed(room, change));
    changed.ifPresent(room ->
        tell(
            id,
            room.isClosed()
                ? new RoomEvent.RoomClosed()
                : new RoomEvent.RulesChanged(
                    room.title(), room.maxUsers(), room.lockPolicy(), room.isFrozen())));
    return changed;
  }

  @Override
  public boolean delete(RoomId id) {
    boolean isDeleted = rooms.delete(id);
    if (isDeleted) {
      tell(id, new RoomEvent.RoomClosed());
    }
    return isDeleted;
  }

  @Override
  public Optional<RoomView> look(RoomId id) {
    return rooms.find(id).map(room -> seats.look(room.id()));
  }

  /** The room of that name, created if that is allowed. */
  Optional<Room> enter(String name) {
    return open(name).map(Opened::room);
  }

  /**
   * Tells those who are in the room what became of it. The storage has the change already, and it
   * is the storage that decides what may be done in the room; so whoever is not told now is refused
   * or shown the room anew when it matters. To call the change a failure would be wrong, and the
   * caller could not take it back.
   */
  void tell(RoomId id, RoomEvent event) {
    try {
      broadcast.tell(id, event);
    } catch (CoordinationUnavailable away) {
      return; // they find out later
    }
  }

  private static Room changed(Room room, Change change) {
    return room.withTitle(change.title().orElse(room.title()))
        .withMaxUsers(change.maxUsers().orElse(room.maxUsers()))
        .withLockPolicy(change.lockPolicy().orElse(room.lockPolicy()))
        .frozen(change.isFrozen().orElse(room.isFrozen()))
        .closed(change.isClosed().orElse(room.isClosed()));
  }

  private Optional<Opened> open(String name) {
    return RoomId.of(name)
        .flatMap(id -> rooms.find(id).map(room -> new Opened(room, false)).or(() -> create(id)));
  }

  private Optional<Opened> create(RoomId id) {
    return defaults.autoCreate()
        ? Optional.of(rooms.open(Room.opened(id, defaults.maxUsers(), clock.instant())))
        : Optional.empty();
  }
}
