package io.blockroom.adapters.websocket.codec;

import static io.blockroom.adapters.websocket.codec.Messages.BAD;
import static io.blockroom.adapters.websocket.codec.Messages.TOO_LARGE;
import static io.blockroom.adapters.websocket.codec.Messages.UNKNOWN;
import static io.blockroom.adapters.websocket.codec.Messages.blocks;
import static io.blockroom.adapters.websocket.codec.Messages.chainOfJson;
import static io.blockroom.adapters.websocket.codec.Messages.commit;
import static io.blockroom.adapters.websocket.codec.Messages.commitOf;
import static io.blockroom.adapters.websocket.codec.Messages.message;
import static io.blockroom.adapters.websocket.codec.Messages.read;
import static io.blockroom.adapters.websocket.codec.Messages.understood;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.adapters.websocket.codec.ClientMessage.CommitOffer;
import io.blockroom.adapters.websocket.codec.ClientMessage.Heartbeat;
import io.blockroom.adapters.websocket.codec.ClientMessage.LockAcquire;
import io.blockroom.adapters.websocket.codec.Reading.Understood;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.EditEvents;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.participant.ClientId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The seed protocol as it is read. */
class MessageReaderTest {
  private static final BlockId B1 = new BlockId("b1");

  @Test
  void a_lock_request_names_its_block() {
    assertThat(read("{\"t\":\"LOCK_ACQUIRE\",\"payload\":{\"blockId\":\"b1\"}}"))
        .isEqualTo(understood(new LockAcquire(new LockRequest(B1, Set.of(B1)), Optional.empty())));
  }

  @Test
  void a_lock_request_for_a_group_includes_the_asked_block() {
    assertThat(
            read(
                message(
                    "LOCK_ACQUIRE", "{\"blockId\":\"b1\",\"blockIds\":[\"b2\",\"b3\",\"b2\"]}")))
        .isEqualTo(
            understood(
                new LockAcquire(new LockRequest(B1, blocks("b1", "b2", "b3")), Optional.empty())));
  }

  @Test
  void a_commit_carries_all_its_fields() {
    String text =
        message(
            "COMMIT",
            """
            {"blockId":"b1","events":[ {"type":"move", "blockId":"b2"} ],
             "workspaceXml":"<xml/>","releaseLock":true,"releaseBlockIds":["b3"]}
            """);

    assertThat(read(text))
        .isEqualTo(
            understood(
                new CommitOffer(
                    B1,
                    new EditEvents(
                        "[ {\"type\":\"move\", \"blockId\":\"b2\"} ]",
                        blocks("b2"),
                        blocks(),
                        false),
                    Optional.of(new WorkspaceXml("<xml/>")),
                    blocks("b1", "b3"),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty())));
  }

  @Test
  void a_commit_gets_its_author_from_the_session() {
    CommitOffer offer = commit(commitOf("[{\"blockId\":\"b2\"}]"));

    assertThat(offer.by(new ClientId("ada")).by()).isEqualTo(new ClientId("ada"));
    assertThat(offer.by(new ClientId("ada")).touched()).isEqualTo(blocks("b1", "b2"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"blockId\":\"b1\"} | b1",
        "{\"blockId\":\"b1\",\"releaseLock\":null} | b1",
        "{\"blockId\":\"b1\",\"releaseLock\":true} | b1",
        "{\"blockId\":\"b1\",\"releaseLock\":false} | ''",
        "{\"blockId\":\"b1\",\"releaseLock\":false,\"releaseBlockIds\":[\"b2\"]} | b2",
        "{\"blockId\":\"b1\",\"releaseLock\":false,\"releaseBlockIds\":[\"b1\"]} | b1",
        "{\"blockId\":\"b1\",\"releaseBlockIds\":[\"b2\",\"b2\",\"b1\"]} | b1 b2",
        "{\"releaseBlockIds\":null,\"blockId\":\"b1\"} | b1",
      })
  void a_commit_releases_its_block_unless_told_otherwise(String payload, String released) {
    Set<BlockId> expected = released.isEmpty() ? Set.of() : blocks(released.split(" "));

    assertThat(commit(message("COMMIT", payload)).releases()).isEqualTo(expected);
  }

  @Test
  void the_asked_block_is_released_first() {
    String text =
        message("COMMIT", "{\"releaseBlockIds\":[\"b3\",\"b2\"],\"blockId\":\"b1\",\"events\":[]}");

    assertThat(commit(text).releases()).containsExactly(B1, new BlockId("b3"), new BlockId("b2"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"anything\":[1,{\"x\":null}],\"blockId\":5}"})
  void a_heartbeat_may_say_anything_besides(String payload) {
    assertThat(read(message("HEARTBEAT", payload))).isEqualTo(understood(new Heartbeat(true)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"payload\":{\"blockId\":\"b1\"},\"t\":\"LOCK_ACQUIRE\"}",
        " \r\n\t{ \"x\" : [ { } ] , \"payload\" : { \"y\":{\"t\":5},\"blockId\" : \"b1\" } , "
            + "\"id\":7, \"t\" : \"LOCK_ACQUIRE\" } \n",
        "{\"\\u0074\":\"LOCK\\u005fACQUIRE\",\"payload\":{\"block\\u0049d\":\"\\u00621\"}}",
      })
  void the_order_of_keys_escapes_and_blanks_do_not_matter(String text) {
    assertThat(read(text))
        .isEqualTo(understood(new LockAcquire(new LockRequest(B1, Set.of(B1)), Optional.empty())));
  }

  @Test
  void a_payload_before_its_type_may_carry_deep_events() {
    String events = chainOfJson(1000);
    String text = "{\"payload\":{\"blockId\":\"b1\",\"events\":" + events + "},\"t\":\"COMMIT\"}";

    assertThat(commit(text).events().json()).isEqualTo(events);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "5",
        "\"t\"",
        "[]",
        "{}",
        "{\"t\":\"HEARTBEAT\"}",
        "{\"payload\":{}}",
        "{\"t\":null,\"payload\":{}}",
        "{\"t\":5,\"payload\":{}}",
        "{\"t\":[\"HEARTBEAT\"],\"payload\":{}}",
        "{\"t\":\"HEARTBEAT\",\"payload\":null}",
        "{\"t\":\"HEARTBEAT\",\"payload\":[]}",
        "{\"t\":\"HEARTBEAT\",\"payload\":\"{}\"}",
        "{\"payload\":[],\"t\":\"HEARTBEAT\"}",
        "{\"T\":\"HEARTBEAT\",\"payload\":{}}",
        "{\"t\":\"NONSENSE\",\"payload\":5}",
        "{\"t\":\"NONSENSE\",\"payload\":{}",
      })
  void what_is_no_envelope_is_a_bad_message(String text) {
    assertThat(read(text)).isEqualTo(BAD);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "heartbeat",
        "HEARTBEAT ",
        "NONSENSE",
        "COMMIT_APPLY",
        "INIT_STATE",
        "SNAPSHOT"
      })
  void a_type_that_clients_cannot_send_is_unknown(String type) {
    assertThat(read(message(type, "{\"blockId\":5}"))).isEqualTo(UNKNOWN);
    assertThat(read("{\"payload\":{},\"t\":\"" + type + "\"}")).isEqualTo(UNKNOWN);
  }

  @Test
  void A05_absent_and_null_optional_fields_are_as_if_not_there() {
    CommitOffer bare = commit(message("COMMIT", "{\"blockId\":\"b1\"}"));

    assertThat(bare.events()).isEqualTo(EditEvents.NONE);
    assertThat(bare.workspace()).isEmpty();
    for (String field :
        List.of("events", "workspaceXml", "releaseLock", "releaseBlockIds", "unknown")) {
      assertThat(commit(message("COMMIT", "{\"blockId\":\"b1\",\"" + field + "\":null}")))
          .isEqualTo(bare);
    }
    assertThat(read(message("LOCK_ACQUIRE", "{\"blockId\":\"b1\",\"blockIds\":null}")))
        .isEqualTo(read(message("LOCK_ACQUIRE", "{\"blockId\":\"b1\"}")));
    assertThat(commit(message("COMMIT", "{\"blockId\":\"b1\",\"workspaceXml\":\"\"}")))
        .as("the seed server took an empty text for none")
        .isEqualTo(bare);
  }

  @ParameterizedTest
  @ValueSource(strings = {"LOCK_ACQUIRE", "COMMIT"})
  void A05_a_block_id_is_a_string_of_1_to_128_units_without_controls(String type) {
    assertThat(read(message(type, "{}"))).isEqualTo(BAD);
    List<String> wrong =
        List.of(
            "null",
            "true",
            "-1",
            "9007199254740993",
            "{}",
            "[]",
            "[\"b1\"]",
            "\"\"",
            "\"\\n\"",
            "\"\\u007f\"",
            "\"" + "x".repeat(129) + "\"",
            "\"" + "😀".repeat(65) + "\"",
            "\"" + "x".repeat(100_000) + "\"");
    for (String value : wrong) {
      assertThat(read(message(type, "{\"blockId\":" + value + "}"))).as(value).isEqualTo(BAD);
    }
    for (String value : List.of("x".repeat(128), "😀".repeat(64), " ", "__proto__")) {
      assertThat(read(message(type, "{\"blockId\":\"" + value + "\"}")))
          .as(value)
          .isInstanceOf(Understood.class);
    }
  }

  @ParameterizedTest
  @CsvSource({"LOCK_ACQUIRE,blockIds", "COMMIT,releaseBlockIds"})
  void A05_block_ids_are_an_array_of_at_most_200(String type, String field) {
    for (String value :
        List.of(
            "true",
            "-1",
            "9007199254740993",
            "{}",
            "\"\"",
            "\"b1\"",
            "[null]",
            "[5]",
            "[[]]",
            "[\"\"]",
            "[\"b1\",{}]",
            "[\"" + "x".repeat(129) + "\"]",
            "[true]",
            "[-1]")) {
      assertThat(read(message(type, "{\"blockId\":\"b0\",\"" + field + "\":" + value + "}")))
          .as(value)
          .isEqualTo(BAD);
    }
    assertThat(read(message(type, "{\"blockId\":\"b0\",\"" + field + "\":" + ids(200) + "}")))
        .isInstanceOf(Understood.class);
    assertThat(read(message(type, "{\"blockId\":\"b0\",\"" + field + "\":" + ids(201) + "}")))
        .isEqualTo(TOO_LARGE);
    assertThat(read(message(type, "{\"blockId\":\"b0\",\"" + field + "\":" + ids(50_000) + "}")))
        .isEqualTo(TOO_LARGE);
  }

  @Test
  void a_lock_request_counts_the_asked_block_among_the_200() {
    assertThat(read(message("LOCK_ACQUIRE", "{\"blockId\":\"b0\",\"blockIds\":" + ids(200) + "}")))
        .isInstanceOf(Understood.class);
    assertThat(read(message("LOCK_ACQUIRE", "{\"blockId\":\"new\",\"blockIds\":" + ids(200) + "}")))
        .isEqualTo(TOO_LARGE);
  }

  @Test
  void A05_events_are_an_array_of_objects() {
    for (String value :
        List.of(
            "true",
            "-1",
            "9007199254740993",
            "\"\"",
            "\"[]\"",
            "{}",
            "[null]",
            "[5]",
            "[[]]",
            "[\"x\"]",
            "[{},true]",
            "\"" + "x".repeat(100_000) + "\"")) {
      assertThat(read(commitOf(value))).as(value).isEqualTo(BAD);
    }
    assertThat(commit(commitOf("[{\"n\":9007199254740993,\"m\":-1}]")).events().json())
        .isEqualTo("[{\"n\":9007199254740993,\"m\":-1}]");
  }

  @Test
  void A05_a_workspace_is_a_string_and_the_release_flag_a_boolean() {
    for (String value : List.of("true", "-1", "9007199254740993", "{}", "[]", "[\"<xml/>\"]")) {
      assertThat(read(message("COMMIT", "{\"blockId\":\"b1\",\"workspaceXml\":" + value + "}")))
          .as(value)
          .isEqualTo(BAD);
    }
    for (String value : List.of("-1", "0", "9007199254740993", "\"\"", "\"true\"", "{}", "[]")) {
      assertThat(read(message("COMMIT", "{\"blockId\":\"b1\",\"releaseLock\":" + value + "}")))
          .as(value)
          .isEqualTo(BAD);
    }
  }

  @Test
  void fields_of_other_messages_are_unknown_ones() {
    assertThat(
            read(
                message(
                    "LOCK_ACQUIRE",
                    "{\"blockId\":\"b1\",\"events\":5,\"workspaceXml\":\"<\",\"releaseLock\":1}")))
        .isInstanceOf(Understood.class);
    assertThat(commit(message("COMMIT", "{\"blockId\":\"b1\",\"blockIds\":5}"))).isNotNull();
  }

  @Test
  void events_are_verbatim_wherever_they_stand_in_the_text() {
    // Whatever precedes the events must not shift them, across the parser's buffers too.
    String events = "[ {\"type\":\"x\",\"v\":\"\\ud83d\\ude00\\n😀가\\\"]}\"} , {} ]";
    for (int length :
        IntStream.concat(IntStream.range(0, 40), IntStream.range(3900, 4200)).toArray()) {
      for (String filler : List.of("x", "\\n", "\\u0041", "😀")) {
        String before = "{\"t\":\"COMMIT\",\"pad\":\"" + filler.repeat(length) + "\",\"payload\":";
        String payload = "{\"blockId\":\"b1\",\"events\":" + events + ",\"n\":12}";

        assertThat(commit(before + payload + "}").events().json()).isEqualTo(events);
      }
    }
  }

  @Test
  void events_and_the_blocks_they_name_are_bounded() {
    assertThat(read(commitOf("[" + "{},".repeat(4999) + "{}]"))).isInstanceOf(Understood.class);
    assertThat(read(commitOf("[" + "{},".repeat(5000) + "{}]"))).isEqualTo(TOO_LARGE);
    assertThat(commit(commitOf("[{\"ids\":" + ids(5000) + "}]")).events().touched()).hasSize(5000);
    assertThat(read(commitOf("[{\"ids\":" + ids(5001) + "}]"))).isEqualTo(TOO_LARGE);
    assertThat(read(commitOf("[{\"ids\":" + ids(5000) + ",\"blockId\":\"new\"}]")))
        .isEqualTo(TOO_LARGE);
  }

  @Test
  void a_text_of_more_than_a_mebi_is_too_large() {
    String text = message("HEARTBEAT", "{}");

    assertThat(read(text + " ".repeat(1024 * 1024 - text.length()))).isInstanceOf(Understood.class);
    assertThat(read(text + " ".repeat(1024 * 1024 - text.length() + 1))).isEqualTo(TOO_LARGE);
  }

  private static String ids(int number) {
    return IntStream.range(0, number)
        .mapToObj(i -> "\"b" + i + "\"")
        .collect(Collectors.joining(",", "[", "]"));
  }
}
