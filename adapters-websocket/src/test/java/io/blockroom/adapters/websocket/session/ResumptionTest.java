package io.blockroom.adapters.websocket.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.port.in.JoinRoom;
import io.blockroom.application.port.in.ResumeRoom;
import io.blockroom.application.port.in.RoomFollower.Cause;
import io.blockroom.application.port.in.RoomFollower.Occasion;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.commit.SequenceNumber;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody at the door who says that they were here before. */
class ResumptionTest {
  private static final String RESUME = "{\"epoch\":\"e1\",\"lastSeq\":1,\"pending\":[\"01J\"]}";

  private final ScriptedRoom room = new ScriptedRoom();

  @Test
  void nothing_is_asked_before_the_first_message_says_where_to_go_on() {
    Visitor ada = comesBack();
    assertThat(room.asked).isEmpty();
    room.firstSight =
        Optional.of(
            new Occasion.Resumed(
                true,
                Map.of(new CommitId("01J"), new SequenceNumber(2)),
                Set.of(new BlockId("b1"))));

    ada.asks("RESUME", "r0", RESUME);

    assertThat(room.asked)
        .containsExactly(
            new ResumeRoom.Command(
                "maze",
                "Ada",
                "token-1",
                Optional.of(new Epoch("e1")),
                new SequenceNumber(1),
                Set.of(new CommitId("01J")),
                room.follower()));
    assertThat(ada.connection.types()).containsExactly("RESUMED");
    assertThat(ada.connection.lastMessage().getString("re")).isEqualTo("r0");
    assertThat(ada.connection.last().getBoolean("recovered")).isTrue();
    assertThat(ada.connection.last().getJsonObject("acked").getInt("01J")).isEqualTo(2);
    assertThat(ada.connection.exemptTypes()).containsExactly("RESUMED");
  }

  @Test
  void whoever_must_begin_anew_is_shown_everything_in_place_of_the_first_state() {
    Visitor ada = comesBack();
    room.firstSight = Optional.of(new Occasion.Returned(Cause.TOKEN_REFUSED, Map.of()));

    ada.asks("RESUME", "r0", RESUME);

    assertThat(ada.connection.types()).containsExactly("SYNC");
    assertThat(ada.connection.lastMessage().getString("re")).isEqualTo("r0");
    assertThat(ada.connection.last().getString("reason")).isEqualTo("token");
    assertThat(ada.connection.last())
        .containsKeys("clientId", "protocol", "resumeToken", "room", "limits", "acked");
  }

  @Test
  void the_state_may_come_later_and_still_answers() {
    Visitor ada = comesBack();
    room.firstSight = Optional.empty();
    ada.asks("RESUME", "r0", RESUME);
    assertThat(ada.connection.sent()).isEmpty();

    room.follower().welcome(ScriptedRoom.state(), new Occasion.Returned(Cause.GAP, Map.of()));

    assertThat(ada.connection.lastMessage().getString("re")).isEqualTo("r0");
  }

  @Test
  void whoever_is_in_again_speaks_like_everybody() {
    Visitor ada = comesBack();
    ada.asks("RESUME", "r0", RESUME);
    room.asked.clear();

    ada.asks("HEARTBEAT", "r1", "{}");
    room.pass(Duration.ofMinutes(1));

    assertThat(room.asked).containsExactly(ScriptedRoom.Call.CONFIRM, ScriptedRoom.Call.KEEP);
    assertThat(ada.connection.closes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"t\":\"HEARTBEAT\",\"id\":\"r0\",\"payload\":{}}",
        "{\"t\":\"COMMIT\",\"id\":\"r0\",\"payload\":{\"blockId\":\"b1\"}}",
        "{\"t\":\"RESUME\",\"id\":\"r0\",\"payload\":{\"lastSeq\":-1}}",
        "{\"t\":\"NOBODY_KNOWS\",\"id\":\"r0\",\"payload\":{}}",
      })
  void anything_else_is_an_error_and_the_end(String first) {
    Visitor ada = comesBack();

    ada.says(first);

    assertThat(ada.connection.types()).containsExactly("ERROR");
    assertThat(ada.connection.lastMessage().getString("re")).isEqualTo("r0");
    assertThat(ada.connection.last().getString("code")).isEqualTo("BAD_MESSAGE");
    assertThat(ada.connection.closes()).containsExactly("1008 RESUME expected");
    assertThat(room.asked).isEmpty();
  }

  @Test
  void bytes_are_an_error_and_the_end() {
    Visitor ada = comesBack();

    ada.says("RESUME".getBytes(UTF_8));

    assertThat(ada.connection.types()).containsExactly("ERROR");
    assertThat(ada.connection.closes()).containsExactly("1008 RESUME expected");
  }

  @Test
  void five_seconds_of_silence_are_the_end() {
    Visitor ada = comesBack();

    room.pass(Duration.ofMillis(4_999));
    assertThat(ada.connection.closes()).isEmpty();
    room.pass(Duration.ofMillis(1));

    assertThat(ada.connection.closes()).containsExactly("1008 RESUME expected");
    assertThat(ada.connection.sent()).isEmpty();
    assertThat(room.asked).isEmpty();
  }

  @Test
  void whoever_goes_from_the_door_was_never_there() {
    Visitor ada = comesBack();

    ada.goes(1006);
    room.pass(Duration.ofMinutes(1));

    assertThat(room.asked).isEmpty();
    assertThat(ada.connection.closes()).isEmpty();
  }

  @Test
  void a_full_or_closed_or_unknown_room_lets_nobody_back_in() {
    for (JoinRoom.Outcome outcome :
        new JoinRoom.Outcome[] {
          new JoinRoom.Outcome.RoomFull(),
          new JoinRoom.Outcome.RoomClosed(),
          new JoinRoom.Outcome.NoSuchRoom()
        }) {
      room.entrance = () -> outcome;
      Visitor ada = comesBack();

      ada.asks("RESUME", "r0", RESUME);

      assertThat(ada.connection.closes())
          .containsExactly(
              switch (outcome) {
                case JoinRoom.Outcome.RoomFull _ -> "4003 room full";
                case JoinRoom.Outcome.RoomClosed _ -> "4012 room closed";
                case JoinRoom.Outcome.NoSuchRoom _ -> "4004 no such room";
                case JoinRoom.Outcome.Joined _ -> "";
              });
      assertThat(room.connect(Visitor.V1).connection.closes()).isEqualTo(ada.connection.closes());
    }
  }

  @Test
  void while_something_is_away_nobody_comes_back_1013() {
    room.entrance =
        () -> {
          throw new StorageUnavailable(new IllegalStateException("away"));
        };
    Visitor ada = comesBack();
    ada.asks("RESUME", "r0", RESUME);
    assertThat(ada.connection.closes()).containsExactly("1013 try again later");

    room.entrance =
        () -> {
          throw new CoordinationUnavailable(new IllegalStateException("away"));
        };
    Visitor bob = comesBack();
    bob.asks("RESUME", "r0", RESUME);

    assertThat(bob.connection.closes()).containsExactly("1013 try again later");
  }

  private Visitor comesBack() {
    return room.connect(Visitor.V1, "resume.token-1");
  }
}
