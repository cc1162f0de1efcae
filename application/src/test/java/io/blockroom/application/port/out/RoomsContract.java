package io.blockroom.application.port.out;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.blockroom.application.port.out.Rooms.Opened;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every {@link Rooms} keeps to. */
public interface RoomsContract {
  RoomId MAZE = new RoomId("maze");
  Instant MORNING = Instant.parse("2026-11-22T08:40:00.123456Z");

  /** Rooms of which none exists yet. */
  Rooms rooms();

  /** Rooms whose storage is there but does not answer. */
  Rooms roomsOfLostStorage();

  @Test
  default void a_room_that_nobody_opened_is_not_found() {
    assertThat(rooms().find(MAZE)).isEmpty();
  }

  @Test
  default void the_first_to_open_a_room_creates_it() {
    Room maze = new Room(MAZE, "The maze", 12, MORNING);

    assertThat(rooms().open(maze)).isEqualTo(new Opened(maze, true));
  }

  @Test
  default void an_opened_room_is_found() {
    Room maze = new Room(MAZE, "The maze", 12, MORNING);
    rooms().open(maze);

    assertThat(rooms().find(MAZE)).contains(maze);
  }

  @Test
  default void an_existing_room_is_not_changed_by_opening_it_again() {
    Room maze = new Room(MAZE, "The maze", 12, MORNING);
    rooms().open(maze);

    Opened again = rooms().open(new Room(MAZE, "Another", 3, MORNING.plusSeconds(60)));

    assertThat(again).isEqualTo(new Opened(maze, false));
    assertThat(rooms().find(MAZE)).contains(maze);
  }

  @Test
  default void of_many_who_open_a_room_at_once_exactly_one_creates_it() {
    List<Opened> opened =
        AtOnce.call(
            32, n -> rooms().open(new Room(MAZE, "title " + n, n + 1, MORNING.plusSeconds(n))));

    assertThat(opened).filteredOn(Opened::isNew).hasSize(1);
    assertThat(opened).extracting(Opened::room).containsOnly(rooms().find(MAZE).orElseThrow());
  }

  @Test
  default void the_room_that_open_returns_is_the_one_that_find_returns_to_the_nanosecond() {
    Instant oddMoment = MORNING.plusNanos(789);

    Room opened = rooms().open(Room.opened(MAZE, 10, oddMoment)).room();

    assertThat(rooms().find(MAZE)).contains(opened);
    assertThat(opened.createdAt())
        .isBetween(oddMoment.minus(1, ChronoUnit.MICROS), oddMoment.plus(1, ChronoUnit.MICROS));
  }

  @Test
  default void rooms_have_names_in_any_script_and_in_any_case() {
    List<RoomId> ids =
        List.of(
            new RoomId("한글-교실_1"),
            new RoomId("Maze"),
            new RoomId("maze"),
            new RoomId("MAZE"),
            new RoomId("𐐀𐐨"),
            new RoomId("x".repeat(64)));

    ids.forEach(id -> assertThat(rooms().open(Room.opened(id, 10, MORNING)).isNew()).isTrue());

    assertThat(ids).allSatisfy(id -> assertThat(rooms().find(id).orElseThrow().id()).isEqualTo(id));
  }

  @Test
  default void a_title_is_kept_as_it_is() {
    String title = "'; DROP TABLE rooms; -- \\ \"$1\" :id ? % _ \n\t한글 👩‍🏫 " + "é".repeat(140);
    rooms().open(new Room(MAZE, title, 10, MORNING));

    assertThat(rooms().find(MAZE).orElseThrow().title()).isEqualTo(title);
  }

  @Test
  default void a_room_may_be_as_small_or_as_large_as_the_domain_allows() {
    RoomId small = new RoomId("small");
    rooms().open(new Room(small, "", 1, Instant.EPOCH));
    rooms().open(new Room(MAZE, "t".repeat(Room.MAX_TITLE_LENGTH), Room.MAX_USERS, MORNING));

    assertThat(rooms().find(small)).contains(new Room(small, "", 1, Instant.EPOCH));
    assertThat(rooms().find(MAZE).orElseThrow().maxUsers()).isEqualTo(Room.MAX_USERS);
  }

  @Test
  default void finding_throws_within_5_s_when_the_storage_does_not_answer() {
    Rooms lost = roomsOfLostStorage();

    assertTimeout(
        Duration.ofSeconds(5),
        () -> assertThatThrownBy(() -> lost.find(MAZE)).isInstanceOf(StorageUnavailable.class));
  }

  @Test
  default void opening_throws_within_5_s_when_the_storage_does_not_answer() {
    Rooms lost = roomsOfLostStorage();

    assertTimeout(
        Duration.ofSeconds(5),
        () ->
            assertThatThrownBy(() -> lost.open(Room.opened(MAZE, 10, MORNING)))
                .isInstanceOf(StorageUnavailable.class));
  }
}
