package io.blockroom.application.fake;

import static io.blockroom.application.port.out.WorkspacesContract.edit;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.port.out.Workspaces;
import io.blockroom.application.port.out.WorkspacesContract;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.room.Room;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InMemoryWorkspacesTest implements WorkspacesContract {
  private final InMemoryRooms rooms = new InMemoryRooms();
  private final InMemoryWorkspaces workspaces = new InMemoryWorkspaces(rooms);

  @BeforeEach
  void openRooms() {
    List.of(MAZE, MUSIC).forEach(id -> rooms.open(Room.opened(id, 10, Instant.EPOCH)));
  }

  @Override
  public Workspaces workspaces() {
    return workspaces;
  }

  @Override
  public Workspaces workspacesOfLostStorage() {
    workspaces.loseStorage();
    return workspaces;
  }

  @Test
  void a_restored_storage_has_kept_the_numbers() {
    workspaces.store(MAZE, edit());
    workspaces.loseStorage();
    workspaces.restoreStorage();

    assertThat(workspaces.store(MAZE, edit())).isEqualTo(new SequenceNumber(2));
  }
}
