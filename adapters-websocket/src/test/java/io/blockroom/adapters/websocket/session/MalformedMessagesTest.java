package io.blockroom.adapters.websocket.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;
import io.blockroom.domain.snapshot.WorkspaceForm;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What cannot be read changes nothing, has no answer, and comes not too often. */
class MalformedMessagesTest {
  private static final RoomId MAZE = new RoomId("maze");
  private static final List<String> WRONG_VALUES =
      List.of("null", "true", "-1", "9007199254740993", "\"\"", "[]", "{}", "[null]", "[[\"b\"]]");

  private final Classroom room = new Classroom();
  private final Visitor ada = room.connect("/ws/workspace/maze/?nickname=Ada");
  private final Visitor bob = room.connect("/ws/workspace/maze/?nickname=Bob");

  @BeforeEach
  void everybodyIsIn() {
    ada.connection.forget();
    bob.connection.forget();
  }

  static Stream<String> malformedMessages() {
    String tooLong = "\"" + "b".repeat(129) + "\"";
    Stream<String> blockIds =
        Stream.concat(
                WRONG_VALUES.stream(), Stream.of("12", tooLong, "\"a\\u0000\"", "\"\\ud800\""))
            .flatMap(wrong ->
                Stream.of(
                    "{\"t\":\"LOCK_ACQUIRE\",\"payload\":{\"blockId\":" + wrong + "}}",
                    "{\"t\":\"COMMIT\",\"payload\":{\"blockId\":" + wrong + ",\"events\":[]}}"));
    Stream<String> groups =
        Stream.of("true", "-1", "\"b\"", "{}", "[1]", "[null]", "[\"\"]")
            .map(wrong ->
                "{\"t\":\"LOCK_ACQUIRE\",\"payload\":{\"blockId\":\"b\",\"blockIds\":"
                    + wrong
                    + "}}");
    Stream<String> commits =
        Stream.of(
                "\"events\":{}",
                "\"events\":\"[]\"",
                "\"events\":1",
                "\"events\":[],\"workspaceXml\":1",
                "\"events\":[],\"workspaceXml\":\"<xml>\"",
                "\"events\":[],\"workspaceXml\":\"<!DOCTYPE xml><xml/>\"",
                "\"events\":[],\"releaseLock\":\"yes\"",
                "\"events\":[],\"releaseBlockIds\":\"b\"",
                "\"events\":[],\"releaseBlockIds\":[1]")
            .map(wrong -> "{\"t\":\"COMMIT\",\"payload\":{\"blockId\":\"b\"," + wrong + "}}");
    Stream<String> envelopes =
        Stream.of(
            "",
            "null",
            "[]",
            "\"LOCK_ACQUIRE\"",
            "{}",
            "{\"t\":\"HEARTBEAT\"}",
            "{\"payload\":{}}",
            "{\"t\":1,\"payload\":{}}",
            "{\"t\":\"NOBODY_KNOWS\",\"payload\":{}}",
            "{\"t\":\"INIT_STATE\",\"payload\":{}}",
            "{\"t\":\"HEARTBEAT\",\"payload\":[]}",
            "{\"t\":\"LOCK_ACQUIRE\",\"payload\":{}}",
            "{\"t\":\"COMMIT\",\"payload\":{}}",
            "{\"t\":\"HEARTBEAT\",\"payload\":{}} more",
            "{\"t\":\"HEARTBEAT\",\"t\":\"HEARTBEAT\",\"payload\":{}}",
            "\uFEFF{\"t\":\"HEARTBEAT\",\"payload\":{}}",
            "{\"t\":\"HEARTBEAT\",\"payload\":{\"x\":NaN}}",
            "[".repeat(100_000));
    return Stream.of(blockIds, groups, commits, envelopes).flatMap(all -> all);
  }

  @ParameterizedTest
  @MethodSource("malformedMessages")
  @DisplayName("A04 A05: a malformed message changes nothing and has no answer")
  void a_malformed_message_changes_nothing_and_has_no_answer(String message) {
    RoomView before = room.coordination.look(MAZE);

    ada.says(message);

    assertThat(room.coordination.look(MAZE)).isEqualTo(before);
    assertThat(room.storage.view(MAZE, WorkspaceForm.XML))
        .hasValueSatisfying(view -> assertThat(view.snapshot()).isEmpty());
    assertThat(ada.connection.sent()).isEmpty();
    assertThat(bob.connection.sent()).isEmpty();
    assertThat(ada.connection.closes()).isEmpty();
  }

  @Test
  void a_binary_message_is_malformed_whatever_it_says() {
    ada.says("{\"t\":\"LOCK_ACQUIRE\",\"payload\":{\"blockId\":\"b\"}}".getBytes(UTF_8));

    assertThat(ada.connection.sent()).isEmpty();
    assertThat(room.coordination.look(MAZE).locks()).isEmpty();
  }

  @Test
  @DisplayName("A04: 20 bad messages within 60 s close with 1008, 19 do nothing")
  void the_twentieth_within_a_minute_closes_with_1008() {
    for (int i = 0; i < 19; i++) {
      ada.says("bad");
      room.pass(3_000);
    }
    assertThat(ada.connection.closes()).isEmpty();

    ada.says("bad".getBytes(UTF_8));

    assertThat(ada.connection.closes()).containsExactly("1008 too many bad messages");
    assertThat(bob.connection.closes()).isEmpty();
  }

  @Test
  void bad_messages_of_more_than_a_minute_ago_are_forgotten() {
    for (int i = 0; i < 100; i++) {
      ada.says("bad");
      room.pass(3_200);
    }

    assertThat(ada.connection.closes()).isEmpty();
  }

  @Test
  void good_messages_between_them_do_not_make_up_for_bad_ones() {
    for (int i = 0; i < 20; i++) {
      ada.says("{\"t\":\"HEARTBEAT\",\"payload\":{}}");
      ada.says("bad");
    }

    assertThat(ada.connection.closes()).containsExactly("1008 too many bad messages");
  }
}
