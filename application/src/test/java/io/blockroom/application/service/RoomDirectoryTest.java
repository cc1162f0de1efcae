package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.port.in.DescribeRoom.Outcome;
import io.blockroom.application.port.in.JoinRoom;
import io.blockroom.application.service.RoomDirectory.RoomDefaults;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomId;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which rooms there are. */
class RoomDirectoryTest {
  private static final String COMPOSED = "\uD55C\uAE00";
  private static final String DECOMPOSED = "\u1112\u1161\u11AB\u1100\u1173\u11AF";

  private final School school = new School(new RoomDefaults(true, 3));
  private final School.Server here = school.server();

  @Test
  void asking_for_a_room_creates_it_once() {
    Outcome first = here.directory.describe("maze");
    Outcome second = here.directory.describe("maze");

    assertThat(first)
        .isInstanceOfSatisfying(
            Outcome.Described.class,
            found -> {
              assertThat(found.isNew()).isTrue();
              assertThat(found.room().title()).isEqualTo("maze");
              assertThat(found.room().maxUsers()).isEqualTo(3);
              assertThat(found.currentUsers()).isZero();
            });
    assertThat(second)
        .isInstanceOfSatisfying(
            Outcome.Described.class, found -> assertThat(found.isNew()).isFalse());
  }

  @Test
  void a_room_tells_how_many_are_in_it_on_all_servers() {
    here.seat("maze", "Ada");
    school.server().seat("maze", "Bob");

    assertThat(here.directory.describe("maze"))
        .isInstanceOfSatisfying(
            Outcome.Described.class, found -> assertThat(found.currentUsers()).isEqualTo(2));
  }

  @Test
  void a_room_that_exists_keeps_its_own_capacity() {
    school.storage.open(Room.opened(new RoomId("tiny"), 1, Instant.EPOCH));
    here.seat("tiny", "Ada");

    assertThat(Pupil.ofSeed(here).triesToEnter("tiny", "Bob"))
        .isInstanceOf(JoinRoom.Outcome.RoomFull.class);
  }

  @Test
  void without_auto_creation_only_rooms_that_exist_can_be_entered_or_described() {
    School strict = new School(new RoomDefaults(false, 10));
    strict.storage.open(Room.opened(new RoomId("maze"), 10, Instant.EPOCH));
    School.Server server = strict.server();

    assertThat(server.directory.describe("other")).isInstanceOf(Outcome.NoSuchRoom.class);
    assertThat(Pupil.ofSeed(server).triesToEnter("other", "Ada"))
        .isInstanceOf(JoinRoom.Outcome.NoSuchRoom.class);
    assertThat(strict.storage.find(new RoomId("other"))).isEmpty();
    server.seat("maze", "Ada");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "a b", "a/b", "a:b", "{a}", "*", "a.b", "a\u0000", "\uD83D\uDE42"})
  @DisplayName("A06: an ill-formed room id names no room")
  void an_ill_formed_name_names_no_room(String name) {
    assertThat(here.directory.describe(name)).isInstanceOf(Outcome.NoSuchRoom.class);
    assertThat(Pupil.ofSeed(here).triesToEnter(name, "Ada"))
        .isInstanceOf(JoinRoom.Outcome.NoSuchRoom.class);
  }

  @Test
  void a_name_of_64_characters_is_the_longest() {
    assertThat(here.directory.describe("a".repeat(64))).isInstanceOf(Outcome.Described.class);
    assertThat(here.directory.describe("a".repeat(65))).isInstanceOf(Outcome.NoSuchRoom.class);
  }

  @Test
  @DisplayName("A06: NFC and NFD name the same room")
  void however_its_characters_are_composed_it_is_the_same_room() {
    Pupil ada = here.seat(COMPOSED, "Ada");

    Pupil bob = here.seat(DECOMPOSED, "Bob");

    assertThat(bob.room()).isEqualTo(ada.room());
    assertThat(ada.heard()).endsWith("joined Bob");
  }
}
