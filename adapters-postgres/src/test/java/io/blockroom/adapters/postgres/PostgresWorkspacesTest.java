package io.blockroom.adapters.postgres;

import static io.blockroom.application.port.out.WorkspacesContract.edit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.blockroom.application.port.out.AtOnce;
import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.application.port.out.Workspaces;
import io.blockroom.application.port.out.WorkspacesContract;
import io.blockroom.domain.commit.Commit;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.room.Room;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** G1, G2: PostgreSQL keeps to the contract of workspaces. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresWorkspacesTest implements WorkspacesContract {
  private final String database = SharedPostgres.freshDatabase();
  private final MuteProxy way = new MuteProxy(SharedPostgres.port());
  private final PostgresStorage storage = PostgresStorage.start(SharedPostgres.settings(database));
  private final PostgresStorage far =
      PostgresStorage.start(SharedPostgres.hasty(SharedPostgres.settings(database, way.port())));

  @AfterAll
  void close() {
    storage.close();
    far.close();
    way.close();
  }

  @BeforeEach
  void openRooms() {
    SharedPostgres.execute(database, "TRUNCATE rooms CASCADE");
    List.of(MAZE, MUSIC).forEach(id -> storage.rooms().open(Room.opened(id, 10, Instant.EPOCH)));
  }

  @Override
  public Workspaces workspaces() {
    return storage.workspaces();
  }

  @Override
  public Workspaces workspacesOfLostStorage() {
    way.mute();
    return far.workspaces();
  }

  @AfterEach
  void findTheWayAgain() {
    way.unmute();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\u0000b", "\uD83D", "a\uDC69b", "\uD83D\uD83D\uDE00"})
  void a_text_that_would_not_come_back_as_it_is_is_refused_as_misuse(String text) {
    assertThatThrownBy(() -> workspaces().store(MAZE, edit(text)))
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(workspaces().newest(MAZE)).isEmpty();
  }

  @Test
  void the_newest_state_is_never_replaced_by_an_older_one() {
    workspaces().store(MAZE, edit("<xml>kept</xml>"));
    SharedPostgres.execute(database, "UPDATE workspace_snapshots SET seq = 100");

    workspaces().store(MAZE, edit("<xml>older</xml>"));

    assertThat(workspaces().newest(MAZE).orElseThrow().workspace().text())
        .isEqualTo("<xml>kept</xml>");
  }

  @Test
  void a_commit_larger_than_every_buffer_on_a_dead_way_throws_within_5_s() {
    Workspaces lost = workspacesOfLostStorage();
    Commit large = edit("한".repeat(WorkspaceXml.MAX_LENGTH));

    assertTimeout(
        Duration.ofSeconds(5),
        () ->
            AtOnce.call(
                4,
                n ->
                    assertThatThrownBy(() -> lost.store(MAZE, large))
                        .isInstanceOf(StorageUnavailable.class)));
  }
}
