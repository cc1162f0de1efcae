package io.blockroom.adapters.websocket.http;

import static io.blockroom.adapters.websocket.http.ApiServer.ROOMS;
import static io.blockroom.adapters.websocket.http.ApiServer.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.domain.room.RoomId;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A file from which no room can be made changes nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileFilesTest {
  private static final String SOUND =
      """
      {"format":"blockroom-room","version":1,
       "room":{"roomId":"maze","title":"Maze","maxUsers":5,"lockPolicy":"advisory","frozen":false,
        "closed":false,"createdAt":"2026-11-24T08:00:00Z"},
       "seq":2,
       "snapshots":[
        {"seq":1,"workspaceXml":"<xml><block type='a'/></xml>","state":{"blocks":{"blocks":[]}}}],
       "commits":[
        {"seq":1,"blockId":"b1","events":[{"type":"move"}],"by":"ada","at":"2026-11-24T08:00:01Z"},
        {"seq":2,"blockId":"b2","events":[{"type":"move"}],"by":"ada","at":"2026-11-24T08:00:02Z",
         "cid":"c2"}]}
      """;

  private final ApiServer server = new ApiServer();

  @AfterAll
  void stop() {
    server.close();
  }

  @AfterEach
  void forget_the_maze() {
    server.storage.delete(new RoomId("maze"));
  }

  @Test
  void the_file_that_the_others_are_made_of_is_sound() {
    HttpResponse<String> answer = server.post(ROOMS + "/import", SOUND);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    assertThat(server.get(ROOMS + "/maze").body()).contains("\"title\":\"Maze\"");
    assertThat(server.get(ROOMS + "/maze/commits").body()).contains("\"cid\":\"c2\"");
  }

  static Stream<Arguments> wrongParts() {
    return Stream.of(
            wrong("\"blockroom-room\"", "\"other\"", "null", "1"),
            wrong(
                "\"version\":1",
                "\"version\":2",
                "\"version\":\"1\"",
                "\"version\":null",
                "\"x\":1"),
            wrong("\"version\":1,", "", "\"version\":1,\"epoch\":\"e\","),
            wrong(
                "\"roomId\":\"maze\"",
                "\"roomId\":\"a b\"",
                "\"roomId\":null",
                "\"roomId\":7",
                "\"x\":1"),
            wrong("\"roomId\":\"maze\",", "", "\"roomId\":\"maze\",\"roomId\":\"maze\","),
            wrong(
                "\"Maze\"",
                "null",
                "1",
                "\"" + "x".repeat(201) + "\"",
                "\"\\u0000\"",
                "\"\\ud800\""),
            wrong("\"maxUsers\":5", "\"maxUsers\":0", "\"maxUsers\":1001", "\"maxUsers\":\"5\""),
            wrong("\"maxUsers\":5", "\"maxUsers\":4294967301", "\"maxUsers\":5.5", "\"max\":5"),
            wrong("\"advisory\"", "\"none\"", "\"ADVISORY\"", "null", "true"),
            wrong("\"frozen\":false", "\"frozen\":null", "\"frozen\":0", "\"frozen\":\"no\""),
            wrong("\"2026-11-24T08:00:00Z\"", "\"today\"", "null", "1764000000", "\"2026-11-24\""),
            wrong(
                "\"2026-11-24T08:00:00Z\"",
                "\"-4000-01-01T00:00:00Z\"",
                "\"9999-01-01T00:00:00Z\""),
            wrong("\"2026-11-24T08:00:00Z\"", "\"+999999999-01-01T00:00:00Z\"", "\"\""),
            wrong(
                "\"seq\":2,\n \"snap",
                "\"seq\":1,\n \"snap",
                "\"seq\":3,\n \"snap",
                "\"seq\":-2,\"snap"),
            wrong(
                "\"snapshots\":[",
                "\"snapshots\":[1,",
                "\"snapshots\":[{\"seq\":0},",
                "\"other\":["),
            wrong(
                "{\"seq\":1,\"workspaceXml\"", "{\"seq\":3,\"workspaceXml\"", "{\"workspaceXml\""),
            wrong("<xml><block type='a'/></xml>", "", "<xml>", "<x/>", "text", "<xml></xml><xml/>"),
            wrong(
                "<xml><block",
                "<!DOCTYPE xml [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><xml><block"),
            wrong(
                "<xml><block",
                "<?pi x?><xml><block",
                "<xml><script/><block",
                "<xml onload='x'><block"),
            wrong(
                "<xml><block", "<xml><a href='javascript:x'/><block", "<xml xmlns='urn:x'><block"),
            wrong("{\"blocks\":{\"blocks\":[]}}", "[]", "null", "\"{}\"", "1", "{\"a\":1,\"a\":2}"),
            wrong("{\"blocks\":{\"blocks\":[]}}", "{\"a\":\"\\u0000\"}", "{\"a\":1e400}"),
            wrong("{\"blocks\":{\"blocks\":[]}}", "{\"a\":" + nested(5000) + "}"),
            wrong(
                "\"blockId\":\"b1\"",
                "\"blockId\":\"\"",
                "\"blockId\":null",
                "\"blockId\":1",
                "\"x\":1"),
            wrong(
                "\"b1\"",
                "\"" + "x".repeat(129) + "\"",
                "\"a\\u0007\"",
                "\"\\udc00\"",
                "\"\\u0000\""),
            wrong(
                "[{\"type\":\"move\"}],\"by\":\"ada\",\"at\":\"2026-11-24T08:00:01Z\"",
                "[],\"by\":\"ada\",\"at\":\"2026-11-24T08:00:01Z\""),
            wrongEvents("[]", "null", "{}", "\"[{}]\"", "[1]", "[null]", "[[]]", "[{}", "[{},]"),
            wrongEvents(
                "[{\"a\":1,\"a\":1}]", "[{\"a\":\"\\ud800\"}]", "[{\"a\":\"\\u0000\"}]", "[{}]]"),
            wrongEvents("[{\"a\":1e400}]", "[{\"a\":" + "1".repeat(65) + "}]", "[{\"a\":NaN}]"),
            wrongEvents("[{\"blockId\":\"\\u0007\"}]", "[{\"ids\":[1]}]", "[{\"ids\":[\"\"]}]"),
            wrongEvents("[{\"a\":" + nested(5000) + "}]"),
            wrong(
                "\"by\":\"ada\",\"at\":\"2026-11-24T08:00:01Z\"",
                "\"by\":\"ada\"",
                "\"by\":\"ada\",\"at\":1"),
            wrong(
                "\"ada\",\"at\":\"2026-11-24T08:00:01Z\"",
                "\"\",\"at\":\"2026-11-24T08:00:01Z\"",
                "null,\"at\":\"2026-11-24T08:00:01Z\"",
                "\"a b\",\"at\":\"2026-11-24T08:00:01Z\""),
            wrong(
                "\"cid\":\"c2\"", "\"cid\":null", "\"cid\":\"\"", "\"cid\":1", "\"other\":\"c2\""),
            wrong(
                "{\"seq\":2,\"blockId\"",
                "{\"seq\":3,\"blockId\"",
                "{\"seq\":1,\"blockId\"",
                "{\"blockId\""),
            wrong(
                "{\"seq\":2,\"blockId\"",
                "{\"cid\":\"c2\"},{\"seq\":2,\"blockId\"",
                "1,{\"seq\":2,\"blockId\""),
            wrong(
                "02Z\",\n   \"cid\":\"c2\"}]}",
                "02Z\"}]",
                "02Z\"}",
                "02Z\"}]}}",
                "02Z\"}]} x",
                "02Z\"}],\"x\":1}"),
            wrong(
                "02Z\",\n   \"cid\":\"c2\"}]}",
                "02Z\"},]}",
                "02Z\"}]}{}",
                "02Z\"}]}]",
                "02Z\"}], }"),
            wrong(
                "{\"format\"",
                "[{\"format\"",
                "x{\"format\"",
                "\uFEFF{\"format\"",
                "\"format\"",
                "{{\"format\""))
        .flatMap(each -> each);
  }

  private static Stream<Arguments> wrongEvents(String... events) {
    return wrong(
        "\"b1\",\"events\":[{\"type\":\"move\"}]",
        Arrays.stream(events).map(each -> "\"b1\",\"events\":" + each).toArray(String[]::new));
  }

  private static Stream<Arguments> wrong(String part, String... others) {
    assertThat(SOUND).contains(part);
    return Arrays.stream(others).map(other -> Arguments.of(part, other));
  }

  private static String nested(int depth) {
    return "[".repeat(depth) + "]".repeat(depth);
  }

  @ParameterizedTest
  @MethodSource("wrongParts")
  @DisplayName("A04, A05, A06, A08: every value is checked as if a client had just sent it")
  void a_file_with_a_wrong_part_is_refused(String part, String other) {
    assertProblem(server.post(ROOMS + "/import", SOUND.replace(part, other)), 400, "BAD_MESSAGE");
    assertThat(server.storage.has(new RoomId("maze"))).isFalse();
  }

  @Test
  void two_commits_of_one_name_are_refused() {
    String file = SOUND.replace("\"b1\",", "\"b1\",\"cid\":\"c2\",");

    assertProblem(server.post(ROOMS + "/import", file), 400, "BAD_MESSAGE");
    assertThat(server.storage.has(new RoomId("maze"))).isFalse();
  }

  @Test
  void a_file_that_is_cut_anywhere_is_refused() {
    for (int length = 0; length < SOUND.lastIndexOf('}'); length += 7) {
      assertProblem(server.post(ROOMS + "/import", SOUND.substring(0, length)), 400, "BAD_MESSAGE");
    }
    assertThat(server.storage.has(new RoomId("maze"))).isFalse();
  }

  @Test
  @DisplayName("A03: whatever is in the file, the answer is a room or a typed refusal")
  void a_file_that_was_spoilt_at_random_is_answered() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      StringBuilder spoilt = new StringBuilder(SOUND);
      for (int changes = random.nextInt(3); changes >= 0; changes--) {
        spoilt.setCharAt(random.nextInt(spoilt.length()), (char) random.nextInt(0x20, 0x7F));
      }

      HttpResponse<String> answer = server.post(ROOMS + "/import?roomId=maze", spoilt.toString());

      assertThat(answer.statusCode()).as("seed %d: %s", seed, spoilt).isIn(201, 400);
      assertThat(server.storage.delete(new RoomId("maze")))
          .as("seed %d: %s", seed, spoilt)
          .isEqualTo(answer.statusCode() == 201);
    }
  }

  @Test
  @DisplayName("A08, A09: a chain of a thousand blocks passes in every form")
  void a_chain_of_a_thousand_blocks_passes() {
    String xml = "<block type='a'><next>".repeat(1000) + "</next></block>".repeat(1000);
    String json = "{\"type\":\"a\",\"next\":{\"block\":".repeat(1000) + "{}" + "}}".repeat(1000);
    String file =
        SOUND
            .replace("<block type='a'/>", xml)
            .replace("{\"blocks\":{\"blocks\":[]}}", "{\"blocks\":{\"blocks\":[" + json + "]}}")
            .replace("\"type\":\"move\"", "\"type\":\"create\",\"json\":" + json);

    HttpResponse<String> answer = server.post(ROOMS + "/import", file);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    assertThat(server.get(ROOMS + "/maze/snapshots/1").body()).contains(xml, json);
    assertThat(server.get(ROOMS + "/maze/commits").body()).contains(json);
  }

  @Test
  void values_are_kept_verbatim_wherever_the_reading_breaks_off() {
    String events =
        "[ {\"a\" : 1.0e2,\n\t\"\\u0062\":\"\\\"\\\\\\/\\n\uD55C\uD83D\uDE42\\ud83d\\ude42%s\" } ]"
            .formatted("y".repeat(9000));
    for (int shift = 0; shift < 70_000; shift += 4999) {
      String file =
          SOUND
              .replace("\"Maze\"", "\"Maze\"" + " ".repeat(shift))
              .replace("[{\"type\":\"move\"}]", events);

      HttpResponse<String> answer = server.post(ROOMS + "/import", file);

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
      assertThat(server.get(ROOMS + "/maze/commits").body().split(Pattern.quote(events), -1))
          .hasSize(3);
      forget_the_maze();
    }
  }
}
