package io.blockroom.application.port.out;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockroom.application.port.out.Rooms.Opened;
import io.blockroom.domain.lock.LockPolicy;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.snapshot.WorkspaceForm;
import io.blockroom.domain.snapshot.WorkspaceView;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every {@link Rooms} keeps to. */
public interface RoomsContract extends StorageContract {

  @Test
  default void a_room_that_nobody_opened_is_not_found() {
    assertThat(storage().rooms().find(MAZE)).isEmpty();
  }

  @Test
  default void the_first_to_open_a_room_creates_it() {
    Room maze = room(MAZE, "The maze", 12, MORNING);

    assertThat(storage().rooms().open(maze)).isEqualTo(new Opened(maze, true));
  }

  @Test
  default void an_opened_room_is_found() {
    Room maze = room(MAZE, "The maze", 12, MORNING);
    storage().rooms().open(maze);

    assertThat(storage().rooms().find(MAZE)).contains(maze);
  }

  @Test
  default void an_existing_room_is_not_changed_by_opening_it_again() {
    Room maze = room(MAZE, "The maze", 12, MORNING);
    storage().rooms().open(maze);

    Opened again = storage().rooms().open(room(MAZE, "Another", 3, MORNING.plusSeconds(60)));

    assertThat(again).isEqualTo(new Opened(maze, false));
    assertThat(storage().rooms().find(MAZE)).contains(maze);
  }

  @Test
  default void of_many_who_open_a_room_at_once_exactly_one_creates_it() {
    List<Opened> opened =
        AtOnce.call(
            32,
            n -> storage().rooms().open(room(MAZE, "title " + n, n + 1, MORNING.plusSeconds(n))));

    assertThat(opened).filteredOn(Opened::isNew).hasSize(1);
    assertThat(opened)
        .extracting(Opened::room)
        .containsOnly(storage().rooms().find(MAZE).orElseThrow());
  }

  @Test
  default void the_room_that_open_returns_is_the_one_that_find_returns_to_the_nanosecond() {
    Instant oddMoment = MORNING.plusNanos(789);

    Room opened = storage().rooms().open(Room.opened(MAZE, 10, oddMoment)).room();

    assertThat(storage().rooms().find(MAZE)).contains(opened);
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

    ids.forEach(
        id -> assertThat(storage().rooms().open(Room.opened(id, 10, MORNING)).isNew()).isTrue());

    assertThat(ids)
        .allSatisfy(id -> assertThat(storage().rooms().find(id).orElseThrow().id()).isEqualTo(id));
  }

  @Test
  default void a_title_is_kept_as_it_is() {
    String title = "'; DROP TABLE rooms; -- \\ \"$1\" :id ? % _ \n\t한글 👩‍🏫 " + "é".repeat(140);
    storage().rooms().open(room(MAZE, title, 10, MORNING));

    assertThat(storage().rooms().find(MAZE).orElseThrow().title()).isEqualTo(title);
  }

  @Test
  default void a_room_may_be_as_small_or_as_large_as_the_domain_allows() {
    RoomId small = new RoomId("small");
    storage().rooms().open(room(small, "", 1, Instant.EPOCH));
    storage().rooms().open(room(MAZE, "t".repeat(Room.MAX_TITLE_LENGTH), Room.MAX_USERS, MORNING));

    assertThat(storage().rooms().find(small)).contains(room(small, "", 1, Instant.EPOCH));
    assertThat(storage().rooms().find(MAZE).orElseThrow().maxUsers()).isEqualTo(Room.MAX_USERS);
  }

  @Test
  default void the_rules_of_a_room_are_kept() {
    Room strict = new Room(MAZE, "The maze", 12, LockPolicy.REQUIRED, true, false, MORNING);
    Room closed = new Room(MUSIC, "Music", 12, LockPolicy.ADVISORY, false, true, MORNING);

    assertThat(storage().rooms().open(strict).room()).isEqualTo(strict);
    assertThat(storage().rooms().open(closed).room()).isEqualTo(closed);
    assertThat(storage().rooms().find(MAZE)).contains(strict);
    assertThat(storage().rooms().find(MUSIC)).contains(closed);
  }

  @Test
  default void rooms_are_listed_in_the_order_of_the_utf8_of_their_ids_and_at_most_so_many() {
    // The third is below the fourth in UTF-8, but not in UTF-16.
    List<RoomId> ids = Stream.of("A-1", "a", "\uFF21", "\uD801\uDC00").map(RoomId::new).toList();
    ids.reversed().forEach(id -> storage().rooms().open(Room.opened(id, 10, MORNING)));

    assertThat(listed(Optional.empty(), 9)).isEqualTo(ids);
    assertThat(listed(Optional.empty(), 2)).isEqualTo(ids.subList(0, 2));
    assertThat(listed(Optional.of(ids.get(1)), 9)).isEqualTo(ids.subList(2, 4));
    assertThat(listed(Optional.of(new RoomId("B")), 1)).isEqualTo(ids.subList(1, 2));
    assertThat(listed(Optional.of(ids.get(3)), 9)).isEmpty();
    assertThat(storage().rooms().list(Optional.empty(), 1))
        .containsExactly(storage().rooms().find(ids.get(0)).orElseThrow());
  }

  @Test
  default void a_room_is_changed_in_all_that_may_change() {
    storage().rooms().open(Room.opened(MAZE, 10, MORNING));
    Room wanted = new Room(MAZE, "New \" title", 3, LockPolicy.REQUIRED, true, true, MORNING);

    assertThat(storage().rooms().change(MAZE, room -> wanted)).contains(wanted);
    assertThat(storage().rooms().find(MAZE)).contains(wanted);
  }

  @Test
  default void a_change_sees_the_room_as_it_is_however_many_change_it_at_once() {
    storage().rooms().open(Room.opened(MAZE, 1, MORNING));

    AtOnce.call(
        24, n -> storage().rooms().change(MAZE, room -> room.withMaxUsers(room.maxUsers() + 1)));

    assertThat(storage().rooms().find(MAZE).orElseThrow().maxUsers()).isEqualTo(25);
  }

  @Test
  default void a_room_that_does_not_exist_is_not_changed() {
    assertThat(storage().rooms().change(NOWHERE, room -> room.frozen(true))).isEmpty();
    assertThat(storage().rooms().find(NOWHERE)).isEmpty();
  }

  @Test
  default void a_change_that_throws_or_makes_another_room_changes_nothing() {
    Room maze = storage().rooms().open(Room.opened(MAZE, 10, MORNING)).room();

    assertThatThrownBy(() ->
            storage()
                .rooms()
                .change(
                    MAZE,
                    room -> {
                      throw new IllegalStateException("no");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no");
    assertThatThrownBy(
            () -> storage().rooms().change(MAZE, room -> Room.opened(MUSIC, 10, MORNING)))
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(storage().rooms().find(MAZE)).contains(maze);
    assertThat(storage().rooms().find(MUSIC)).isEmpty();
  }

  @Test
  default void a_change_of_the_rules_leaves_the_history_alone() {
    openRooms();
    append(Edit.of(INTRO).showing("<xml/>"));
    WorkspaceView before = view();

    storage().rooms().change(MAZE, room -> room.withTitle("other"));

    assertThat(view()).isEqualTo(before);
  }

  @Test
  default void a_deleted_room_is_gone_with_its_history() {
    openRooms();
    append(Edit.of(INTRO).showing("<xml/>"), Edit.of(LOOP));

    assertThat(storage().rooms().delete(MAZE)).isTrue();

    assertThat(storage().rooms().find(MAZE)).isEmpty();
    assertThat(storage().workspaces().view(MAZE, WorkspaceForm.ANY)).isEmpty();
    assertThat(log()).isEmpty();
    assertThat(storage().rooms().find(MUSIC)).isPresent();
    assertThat(storage().rooms().delete(MAZE)).isFalse();
  }

  @Test
  default void every_method_of_rooms_throws_when_the_storage_does_not_answer() {
    Rooms lost = lostStorage().rooms();

    assertUnavailable(
        () -> lost.find(MAZE),
        () -> lost.open(Room.opened(MAZE, 10, MORNING)),
        () -> lost.list(Optional.empty(), 1),
        () -> lost.change(MAZE, room -> room),
        () -> lost.delete(MAZE));
  }

  private List<RoomId> listed(Optional<RoomId> after, int limit) {
    return storage().rooms().list(after, limit).stream().map(Room::id).toList();
  }

  /** A room with the usual rules. */
  static Room room(RoomId id, String title, int maxUsers, Instant createdAt) {
    return new Room(id, title, maxUsers, LockPolicy.ADVISORY, false, false, createdAt);
  }
}
