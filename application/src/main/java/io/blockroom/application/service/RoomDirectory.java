package io.blockroom.application.service;

import io.blockroom.application.port.in.DescribeRoom;
import io.blockroom.application.port.out.Rooms;
import io.blockroom.application.port.out.Rooms.Opened;
import io.blockroom.application.port.out.Seats;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomId;
import java.time.InstantSource;
import java.util.Optional;

/** Which rooms there are, and whether asking for one creates it. */
public final class RoomDirectory implements DescribeRoom {
  private final Rooms rooms;
  private final Seats seats;
  private final RoomDefaults defaults;
  private final InstantSource clock;

  /**
   * How rooms come to be.
   *
   * @param autoCreate whether asking for a room creates it
   * @param maxUsers how many may be in a room that is created so
   */
  public record RoomDefaults(boolean autoCreate, int maxUsers) {}

  public RoomDirectory(Rooms rooms, Seats seats, RoomDefaults defaults, InstantSource clock) {
    this.rooms = rooms;
    this.seats = seats;
    this.defaults = defaults;
    this.clock = clock;
  }

  @Override
  public Outcome describe(String name) {
    return open(name)
        .<Outcome>map(opened ->
            new Outcome.Described(opened.room(), seats.taken(opened.room().id()), opened.isNew()))
        .orElseGet(Outcome.NoSuchRoom::new);
  }

  /** The room of that name, created if that is allowed. */
  Optional<Room> enter(String name) {
    return open(name).map(Opened::room);
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
