package io.blockroom.adapters.postgres;

import static io.blockroom.application.port.out.StorageContract.INTRO;
import static io.blockroom.application.port.out.StorageContract.seq;
import static io.blockroom.application.port.out.WorkspacesContract.xml;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.port.out.Edit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.lock.LockPolicy;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.snapshot.WorkspaceForm;
import io.blockroom.domain.snapshot.WorkspaceView;
import java.time.Instant;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rooms of a database that knew numbers and last workspaces only. */
class MigrationTest {
  private static final RoomId SEEN = new RoomId("seen");
  private static final RoomId BEHIND = new RoomId("behind");
  private static final RoomId BLIND = new RoomId("blind");
  private static final RoomId FRESH = new RoomId("fresh");

  private final String database = SharedPostgres.freshDatabase();
  private PostgresStorage storage;

  @BeforeEach
  void bringUpToDate() {
    PostgresSettings settings = SharedPostgres.settings(database);
    Flyway.configure()
        .dataSource(settings.jdbcUrl(), settings.user(), settings.password())
        .locations("classpath:db/migration")
        .target("1")
        .load()
        .migrate();
    SharedPostgres.execute(
        database,
        """
        INSERT INTO rooms (room_id, title, max_users, created_at, last_seq)
        VALUES ('seen', 'Seen', 7, '1970-01-01Z', 8), ('behind', 'b', 7, '1970-01-01Z', 8),
               ('blind', 'b', 7, '1970-01-01Z', 8), ('fresh', 'f', 7, '1970-01-01Z', 0);
        INSERT INTO workspace_snapshots (room_id, seq, workspace_xml, stored_at)
        VALUES ('seen', 8, '<xml>8</xml>', now()), ('behind', 5, '<xml>5</xml>', now())
        """);
    storage = PostgresStorage.start(settings);
  }

  @AfterEach
  void close() {
    storage.close();
  }

  @Test
  void keep_what_they_had_and_go_on_from_their_numbers() {
    assertThat(storage.rooms().find(SEEN))
        .contains(new Room(SEEN, "Seen", 7, LockPolicy.ADVISORY, false, false, Instant.EPOCH));
    assertThat(view(SEEN).snapshot()).contains(xml(8, "<xml>8</xml>"));
    assertThat(view(BEHIND).snapshot()).contains(xml(8, "<xml>5</xml>"));
    assertThat(view(BLIND).snapshot()).contains(xml(8, WorkspaceXml.EMPTY.text()));
    assertThat(view(FRESH).snapshot()).isEmpty();
    assertThat(List.of(SEEN, BEHIND, BLIND, FRESH))
        .allSatisfy(room -> {
          SequenceNumber last = view(room).seq();
          assertThat(
                  seq(
                      storage
                          .commitLog()
                          .append(room, List.of(Edit.of(INTRO).proposal()))
                          .getFirst()))
              .isEqualTo(seq(last.value() + 1));
          assertThat(view(room).tail()).hasSize(1);
        });
  }

  @Test
  void get_an_epoch_each_and_say_that_older_commits_are_not_known() {
    assertThat(List.of(SEEN, BEHIND, BLIND, FRESH))
        .extracting(room -> view(room).epoch())
        .doesNotHaveDuplicates();
    assertThat(storage.commitLog().read(SEEN, SequenceNumber.NONE, 10).isComplete()).isFalse();
    assertThat(storage.commitLog().read(FRESH, SequenceNumber.NONE, 10).isComplete()).isTrue();
  }

  private WorkspaceView view(RoomId room) {
    return storage.workspaces().view(room, WorkspaceForm.ANY).orElseThrow();
  }
}
