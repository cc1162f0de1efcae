package io.blockroom.adapters.websocket.codec;

import static io.blockroom.adapters.websocket.codec.Messages.BAD;
import static io.blockroom.adapters.websocket.codec.Messages.chainOfJson;
import static io.blockroom.adapters.websocket.codec.Messages.commit;
import static io.blockroom.adapters.websocket.codec.Messages.commitOf;
import static io.blockroom.adapters.websocket.codec.Messages.message;
import static io.blockroom.adapters.websocket.codec.Messages.read;
import static io.blockroom.adapters.websocket.codec.Messages.readV1;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.adapters.websocket.codec.Reading.Understood;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A04: JSON that is made to hurt. */
class HostileJsonTest {
  /** Far above what any of these may cost (50 ms), far below what a quadratic reader would need. */
  private static final Duration LIMIT = Duration.ofSeconds(1);

  static Stream<Arguments> hostile() {
    int million = 1_000_000;
    return Stream.of(
        Arguments.of("arrays in arrays", "[".repeat(million)),
        Arguments.of("objects in objects", "{\"a\":".repeat(170_000)),
        Arguments.of("arrays in a payload", heartbeat("[".repeat(million))),
        Arguments.of(
            "balanced arrays in a payload",
            heartbeat("[".repeat(million / 2) + "]".repeat(million / 2))),
        Arguments.of("arrays in events", commitOf("[".repeat(million))),
        Arguments.of("arrays in an event", commitOf("[{\"a\":" + "[".repeat(million))),
        Arguments.of(
            "arrays in events before the type",
            "{\"payload\":{\"events\":[{\"a\":" + "[".repeat(million)),
        Arguments.of("digits", heartbeat("1".repeat(million))),
        Arguments.of("digits in an event", commitOf("[{\"a\":" + "1".repeat(million) + "}]")),
        Arguments.of("decimals", heartbeat("0." + "1".repeat(million))),
        Arguments.of("digits in an exponent", heartbeat("1e" + "1".repeat(million))),
        Arguments.of("a huge exponent", heartbeat("1e100000000")),
        Arguments.of("a huge exponent in an event", commitOf("[{\"a\":1e100000000}]")),
        Arguments.of("a tiny exponent", heartbeat("1E-100000000")),
        Arguments.of("infinity by exponent", heartbeat("1e999")),
        Arguments.of("an unfinished exponent", heartbeat("1e")),
        Arguments.of("100,000 keys", message("HEARTBEAT", keys(100_000))),
        Arguments.of("100,000 keys in an event", commitOf("[" + keys(100_000) + "]")),
        Arguments.of("keys of one hash", message("HEARTBEAT", collidingKeys())),
        Arguments.of("an unfinished text", heartbeat("\"" + "x".repeat(million))),
        Arguments.of("escapes", heartbeat("\"" + "\\n".repeat(million / 2))),
        Arguments.of("long escapes", heartbeat("\"" + "\\u0041".repeat(million / 6))),
        Arguments.of("backslashes", "{\"t\":\"" + "\\".repeat(million)),
        Arguments.of("blanks", " ".repeat(million)),
        Arguments.of("commas", "{" + ",".repeat(million)),
        Arguments.of("quotes", "{" + "\"".repeat(million)),
        Arguments.of("emoji", "😀".repeat(million / 2)),
        Arguments.of("empty events and a comma", commitOf("[" + "{},".repeat(4000) + "]")),
        Arguments.of("arrays in a state", snapshotOf("[".repeat(million))),
        Arguments.of("digits in a state", snapshotOf("{\"a\":" + "1".repeat(million) + "}")),
        Arguments.of("keys of one hash in a state", snapshotOf(collidingKeys())),
        Arguments.of("blocks in blocks", snapshotOf("{\"blocks\":".repeat(95_000))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostile")
  void A04_hostile_text_is_refused_at_little_cost(String what, String text) {
    assertThat(CpuTime.of(() -> assertThat(read(text)).as(what).isEqualTo(BAD))).isLessThan(LIMIT);
    assertThat(CpuTime.of(() -> assertThat(readV1(text)).as(what).isEqualTo(BAD)))
        .isLessThan(LIMIT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NaN",
        "Infinity",
        "-Infinity",
        "undefined",
        "01",
        "-",
        "+1",
        ".5",
        "1.",
        "0x1",
        "'x'",
        "tru",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\":1,}",
        "{a:1}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1]",
        "[1}",
        "/* */1",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u\"",
        "\"\\u００４１\"",
        "\"a\nb\"",
        "\"a\tb\"",
        "\"\\ud800\"",
        "\"\\ud800x\"",
        "\"\\ud800\\n\"",
        "\"\\udc00\"",
        "\"\\udc00\\ud800\"",
        "\"\\ud800\\ud800\\udc00\"",
        "\"\\uD83D\uDE00\"",
        "\"\uD83D" + "\\uDE00\"",
        "\"\uD800\"",
        "\"\uDC00\"",
        "\"\uDC00\uD800\"",
        "\"\\u0000\"",
        "\"\u0000\"",
        "\u0000",
        "{\"\\u0000\":1}",
        "{\"\\ud800\":1}",
        "{\"a\":1,\"a\":1}",
        "{\"a\":1,\"\\u0061\":1}",
      })
  void A04_unsound_json_is_refused_wherever_it_stands(String value) {
    assertThat(read(heartbeat(value))).isEqualTo(BAD);
    assertThat(read(commitOf("[{\"x\":" + value + "}]"))).isEqualTo(BAD);
    assertThat(read(commitOf("[{\"json\":{\"x\":[" + value + "]}}]"))).isEqualTo(BAD);
    assertThat(readV1(snapshotOf("{\"x\":[" + value + "]}"))).isEqualTo(BAD);
    assertThat(read("{\"x\":" + value + ",\"t\":\"HEARTBEAT\",\"payload\":{}}")).isEqualTo(BAD);
    assertThat(read("{\"payload\":{\"x\":" + value + "},\"t\":\"HEARTBEAT\"}")).isEqualTo(BAD);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"t\":\"HEARTBEAT\",\"t\":\"HEARTBEAT\",\"payload\":{}}",
        "{\"t\":\"HEARTBEAT\",\"payload\":{},\"payload\":{}}",
        "{\"payload\":{},\"t\":\"HEARTBEAT\",\"payload\":{}}",
        "{\"t\":\"COMMIT\",\"payload\":{\"blockId\":\"a\",\"blockId\":\"b\"}}",
        "{\"t\":\"HEARTBEAT\",\"payload\":{}}x",
        "{\"t\":\"HEARTBEAT\",\"payload\":{}}{}",
        "{\"t\":\"HEARTBEAT\",\"payload\":{}},",
        "{\"t\":\"HEARTBEAT\",\"payload\":{}}]",
        "{\"t\":\"HEARTBEAT\",\"payload\":{}}\u0000",
        "\uFEFF{\"t\":\"HEARTBEAT\",\"payload\":{}}",
        "{\"t\":\"HEARTBEAT\",\"payload\":{}}\uFEFF",
        "\u00a0{\"t\":\"HEARTBEAT\",\"payload\":{}}",
      })
  void A04_doubled_keys_and_what_stands_around_the_message_are_refused(String text) {
    assertThat(read(text)).isEqualTo(BAD);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\\ud83d\\ude00 \uD83D\uDE00 \\\\ud800 \\\\u0000\"",
        "\"\uFEFF\u2028\"",
        "1.7976931348623157e+308",
        "5e-324",
        "-0",
        "9007199254740993",
        "123456789012345678901234567890",
      })
  void sound_json_passes(String value) {
    assertThat(read(heartbeat(value))).isInstanceOf(Understood.class);
    assertThat(commit(commitOf("[{\"x\":" + value + "}]")).events().json()).contains(value);
  }

  @Test
  void A04_a_message_nests_16_deep() {
    // The envelope and the payload are two of them.
    assertThat(read(heartbeat("[".repeat(14) + "]".repeat(14)))).isInstanceOf(Understood.class);
    assertThat(read(heartbeat("[".repeat(15) + "]".repeat(15)))).isEqualTo(BAD);
  }

  @Test
  void A04_events_nest_4096_deep() {
    // The event is one of them.
    assertThat(read(commitOf("[{\"x\":" + "[".repeat(4095) + "]".repeat(4095) + "}]")))
        .isInstanceOf(Understood.class);
    assertThat(read(commitOf("[{\"x\":" + "[".repeat(4096) + "]".repeat(4096) + "}]")))
        .isEqualTo(BAD);
    assertThat(
            read(
                message(
                    "COMMIT",
                    "{\"blockId\":\"b\",\"events\":[],\"x\":"
                        + "[".repeat(15)
                        + "]".repeat(15)
                        + "}")))
        .as("what comes after the events is bounded again")
        .isEqualTo(BAD);
  }

  @Test
  void A09_a_chain_of_1000_blocks_passes_in_a_create_event() {
    String events = chainOfJson(1000);

    assertThat(commit(commitOf(events)).events().json()).isEqualTo(events);
  }

  private static String snapshotOf(String state) {
    return message("SNAPSHOT", "{\"seq\":1,\"format\":\"blockly-json\",\"state\":" + state + "}");
  }

  private static String heartbeat(String value) {
    return message("HEARTBEAT", "{\"x\":" + value + "}");
  }

  private static String keys(int number) {
    return IntStream.range(0, number)
        .mapToObj(i -> "\"" + Integer.toString(i, 36) + "\":0")
        .collect(Collectors.joining(",", "{", "}"));
  }

  /** 16,384 keys of 28 characters whose hash is the same: "Aa" and "BB" have equal hashes. */
  private static String collidingKeys() {
    return IntStream.range(0, 1 << 14)
        .mapToObj(i ->
            IntStream.range(0, 14)
                .mapToObj(bit -> (i >> bit & 1) == 0 ? "Aa" : "BB")
                .collect(Collectors.joining("", "\"", "\":0")))
        .collect(Collectors.joining(",", "{", "}"));
  }
}
