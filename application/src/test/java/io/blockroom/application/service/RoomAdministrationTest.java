package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockroom.application.fake.InMemoryCoordination;
import io.blockroom.application.fake.InMemoryStorage;
import io.blockroom.application.port.in.ChangeRoom.Change;
import io.blockroom.application.port.in.CreateRoom;
import io.blockroom.application.port.in.ListRooms;
import io.blockroom.application.port.out.ChangesHeard;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.application.service.RoomDirectory.RoomDefaults;
import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.lock.LockPolicy;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Color;
import io.blockroom.domain.participant.Nickname;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomId;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rooms are made, looked at, changed and deleted from outside. */
class RoomAdministrationTest {
  private static final Instant NOW = Instant.parse("2026-11-24T08:00:00Z");
  private static final RoomId MAZE = new RoomId("maze");
  private static final Participant ADA =
      new Participant(new ClientId("ada"), Nickname.of("Ada").orElseThrow(), Color.ofPalette(1));
  private static final Change NO_CHANGE =
      new Change(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  private final InMemoryStorage storage = new InMemoryStorage(() -> NOW, () -> new Epoch("first"));
  private final InMemoryCoordination coordination = new InMemoryCoordination();
  private final ChangesHeard heard = new ChangesHeard();
  private final RoomDirectory directory =
      new RoomDirectory(storage, coordination, coordination, new RoomDefaults(true, 7), () -> NOW);

  @BeforeEach
  void listen() {
    coordination.listen(heard);
  }

  @Test
  void a_room_is_created_as_it_was_asked_for() {
    CreateRoom.Outcome outcome =
        directory.create(
            new CreateRoom.Command(
                MAZE, Optional.of("The Maze"), Optional.of(30), Optional.of(LockPolicy.REQUIRED)));

    assertThat(outcome)
        .isEqualTo(
            new CreateRoom.Outcome.Created(
                new Room(MAZE, "The Maze", 30, LockPolicy.REQUIRED, false, false, NOW)));
    assertThat(directory.find(MAZE)).isPresent();
  }

  @Test
  void what_is_not_said_is_as_in_a_room_that_comes_to_be_by_asking() {
    assertThat(create(MAZE)).isEqualTo(new CreateRoom.Outcome.Created(Room.opened(MAZE, 7, NOW)));
  }

  @Test
  void a_room_that_exists_is_not_created_again() {
    directory.describe("maze");

    assertThat(create(MAZE)).isEqualTo(new CreateRoom.Outcome.RoomExists());
  }

  @Test
  void finding_a_room_does_not_create_it() {
    assertThat(directory.find(MAZE)).isEmpty();
    assertThat(directory.look(MAZE)).isEmpty();
    assertThat(storage.has(MAZE)).isFalse();
  }

  @Test
  void rooms_are_listed_page_by_page() {
    Stream.of("b", "d", "a", "c").forEach(name -> create(new RoomId(name)));

    ListRooms.Page first = directory.list(Optional.empty(), 2);
    ListRooms.Page second = directory.list(Optional.of(new RoomId("b")), 2);

    assertThat(first.rooms()).extracting(room -> room.id().value()).containsExactly("a", "b");
    assertThat(first.isLast()).isFalse();
    assertThat(second.rooms()).extracting(room -> room.id().value()).containsExactly("c", "d");
    assertThat(second.isLast()).isTrue();
  }

  @Test
  void a_change_changes_what_it_names_and_is_told() {
    enterMaze();

    Optional<Room> changed =
        directory.change(
            MAZE,
            new Change(
                Optional.empty(),
                Optional.of(3),
                Optional.empty(),
                Optional.of(true),
                Optional.empty()));

    assertThat(changed).contains(Room.opened(MAZE, 7, NOW).withMaxUsers(3).frozen(true));
    assertThat(heard.eventsOf(MAZE))
        .endsWith(new RoomEvent.RulesChanged("maze", 3, LockPolicy.ADVISORY, true));
  }

  @Test
  void whoever_is_in_a_room_that_is_closed_is_told_to_leave() {
    enterMaze();

    Optional<Room> closed = directory.change(MAZE, closing(true));

    assertThat(closed.map(Room::isClosed)).contains(true);
    assertThat(heard.eventsOf(MAZE)).endsWith(new RoomEvent.RoomClosed());
  }

  @Test
  void a_closed_room_can_be_opened_again() {
    create(MAZE);
    directory.change(MAZE, closing(true));

    assertThat(directory.change(MAZE, closing(false)).map(Room::isClosed)).contains(false);
  }

  @Test
  void a_room_that_does_not_exist_can_be_neither_changed_nor_deleted() {
    assertThat(directory.change(MAZE, NO_CHANGE)).isEmpty();
    assertThat(directory.delete(MAZE)).isFalse();
    assertThat(storage.has(MAZE)).isFalse();
  }

  @Test
  void whoever_is_in_a_room_that_is_deleted_is_told_to_leave() {
    enterMaze();

    assertThat(directory.delete(MAZE)).isTrue();

    assertThat(storage.has(MAZE)).isFalse();
    assertThat(heard.eventsOf(MAZE)).endsWith(new RoomEvent.RoomClosed());
  }

  @Test
  void a_change_that_is_stored_stands_even_if_nobody_can_be_told() {
    create(MAZE);
    coordination.cutOff();

    assertThat(directory.change(MAZE, closing(true))).isPresent();
    assertThat(directory.find(MAZE).map(Room::isClosed)).contains(true);
    assertThat(directory.delete(MAZE)).isTrue();
  }

  @Test
  void nothing_is_told_of_a_change_that_is_not_stored() {
    enterMaze();
    int before = heard.eventsOf(MAZE).size();
    storage.loseStorage();

    assertThatThrownBy(() -> directory.change(MAZE, closing(true)))
        .isInstanceOf(StorageUnavailable.class);
    assertThatThrownBy(() -> directory.delete(MAZE)).isInstanceOf(StorageUnavailable.class);

    assertThat(heard.eventsOf(MAZE)).hasSize(before);
  }

  @Test
  void looking_into_a_room_shows_who_is_there() {
    enterMaze();

    assertThat(directory.look(MAZE))
        .hasValueSatisfying(view -> assertThat(view.participants()).containsExactly(ADA));
  }

  @Test
  void while_the_coordination_is_away_nobody_can_look_into_a_room() {
    create(MAZE);
    coordination.cutOff();

    assertThatThrownBy(() -> directory.look(MAZE)).isInstanceOf(CoordinationUnavailable.class);
  }

  private CreateRoom.Outcome create(RoomId id) {
    return directory.create(
        new CreateRoom.Command(id, Optional.empty(), Optional.empty(), Optional.empty()));
  }

  private void enterMaze() {
    create(MAZE);
    coordination.take(MAZE, ADA, 7);
  }

  private static Change closing(boolean whether) {
    return new Change(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(whether));
  }
}
