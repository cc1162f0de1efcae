package io.blockroom.application.fake;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.port.out.Rooms;
import io.blockroom.application.port.out.RoomsContract;
import io.blockroom.domain.room.Room;
import org.junit.jupiter.api.Test;

class InMemoryRoomsTest implements RoomsContract {
  private final InMemoryRooms rooms = new InMemoryRooms();

  @Override
  public Rooms rooms() {
    return rooms;
  }

  @Override
  public Rooms roomsOfLostStorage() {
    rooms.loseStorage();
    return rooms;
  }

  @Test
  void a_restored_storage_has_kept_the_rooms() {
    Room maze = rooms.open(Room.opened(MAZE, 10, MORNING)).room();
    rooms.loseStorage();
    rooms.restoreStorage();

    assertThat(rooms.find(MAZE)).contains(maze);
  }
}
