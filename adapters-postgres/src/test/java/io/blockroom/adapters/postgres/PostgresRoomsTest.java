package io.blockroom.adapters.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockroom.application.port.out.RoomsContract;
import io.blockroom.domain.room.Room;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** G1, G2: PostgreSQL keeps to the contract of rooms. */
class PostgresRoomsTest extends OnPostgres implements RoomsContract {
  @ParameterizedTest
  @ValueSource(strings = {"a\u0000b", "\uD83D", "a\uDC69b", "\uD83D\uD83D\uDE00"})
  void a_title_that_would_not_come_back_as_it_is_is_refused_as_misuse(String title) {
    assertThatThrownBy(
            () -> storage().rooms().open(Room.opened(MAZE, 10, MORNING).withTitle(title)))
        .isInstanceOf(IllegalArgumentException.class);
    Room maze = storage().rooms().open(Room.opened(MAZE, 10, MORNING)).room();
    assertThatThrownBy(() -> storage().rooms().change(MAZE, room -> room.withTitle(title)))
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(storage().rooms().find(MAZE)).contains(maze);
  }
}
