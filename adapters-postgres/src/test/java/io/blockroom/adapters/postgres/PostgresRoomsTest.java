package io.blockroom.adapters.postgres;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockroom.application.port.out.Rooms;
import io.blockroom.application.port.out.RoomsContract;
import io.blockroom.domain.room.Room;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** G1, G2: PostgreSQL keeps to the contract of rooms. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresRoomsTest implements RoomsContract {
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
  void clear() {
    SharedPostgres.execute(database, "TRUNCATE rooms CASCADE");
  }

  @Override
  public Rooms rooms() {
    return storage.rooms();
  }

  @Override
  public Rooms roomsOfLostStorage() {
    way.mute();
    return far.rooms();
  }

  @AfterEach
  void findTheWayAgain() {
    way.unmute();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\u0000b", "\uD83D", "a\uDC69b", "\uD83D\uD83D\uDE00"})
  void a_title_that_would_not_come_back_as_it_is_is_refused_as_misuse(String title) {
    assertThatThrownBy(() -> rooms().open(new Room(MAZE, title, 10, MORNING)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
