package io.blockroom.adapters.websocket.session;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request's target names. */
class RequestTargetTest {
  private static final String PREFIX = "/ws/workspace/";

  private final Classroom room = new Classroom();

  @ParameterizedTest
  @CsvSource({
    "/ws/workspace/maze, maze",
    "/ws/workspace/maze/, maze",
    "/ws/workspace/%ED%95%9C%EA%B8%80/, 한글",
    "/ws/workspace/%6daze, maze",
    "/ws/workspace/a%2Fb/, a/b",
    "/ws/workspace/a/b, a/b",
    "/ws/workspace/maze//, maze/",
    "/ws/workspace/a;x=1/, a;x=1",
    "/ws/workspace/a+b, a+b",
    "/ws/workspace/a%2Bb, a+b",
    "/ws/workspace/a%20b, a b",
    "/ws/workspace/%FF, \uFFFD",
    "/ws/workspace/%zz, ''",
    "/ws/workspace/%, ''",
    "/ws/workspace/%+1, ''",
    "/ws/workspace/, ''",
    "/ws, ''",
    "/ws/work%73pace/maze, ''",
  })
  void the_last_segment_is_decoded_once_and_never_split(String path, String name) {
    assertThat(RequestTarget.lastSegment(path, PREFIX)).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({
    "nickname=Ada, Ada",
    "a=b&nickname=Ada, Ada",
    "nickname=Ada&nickname=Bob, Ada",
    "nickname=Ada+L, Ada L",
    "nickname=Ada%20L, Ada L",
    "nickname=Ada%2BL, Ada+L",
    "nickname=a%26b%3Dc, a&b=c",
    "nickname=a=b, a=b",
    "nickname=a;b, a;b",
    "nickname=%EB%AF%BC%EC%95%84, 민아",
    "nickname=%zz, ''",
    "nickname=%E0, \uFFFD",
    "nickname=, ''",
    "nickname, ''",
    "xnickname=Ada, ''",
    "'', ''",
  })
  void a_parameter_is_decoded_once_and_the_first_counts(String query, String value) {
    assertThat(RequestTarget.parameter(query, "nickname")).isEqualTo(value);
  }

  @Test
  void room_and_nickname_may_be_in_any_script() {
    JsonObject first = enter("/ws/workspace/%ED%95%9C%EA%B8%80/?nickname=%EB%AF%BC%EC%95%84");
    JsonObject second =
        enter("/ws/workspace/%E1%84%92%E1%85%A1%E1%86%AB%E1%84%80%E1%85%B3%E1%86%AF?nickname=Bob");

    assertThat(first.getJsonArray("users")).isEmpty();
    assertThat(second.getJsonArray("users").getJsonObject(0).getString("nickname")).isEqualTo("민아");
  }

  @Test
  @DisplayName("A07: without a nickname that can be read one is User and digits")
  void without_a_readable_nickname_one_is_a_guest() {
    enter("/ws/workspace/maze/?nickname=%zz");
    enter("/ws/workspace/maze/");

    assertThat(enter("/ws/workspace/maze/").getJsonArray("users").getValuesAs(JsonObject.class))
        .allSatisfy(user -> assertThat(user.getString("nickname")).matches("User[0-9]{4}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a%2Fb/", "a/b/", "%zz", "%FF", "a;x=1", "a+b", "%00", "", "%F0%9F%99%82"})
  @DisplayName("A06: an ill-formed room id closes with 4004")
  void an_ill_formed_name_closes_with_4004(String name) {
    assertThat(room.connect(PREFIX + name).connection.closes())
        .containsExactly("4004 no such room");
  }

  private JsonObject enter(String target) {
    return room.connect(target).connection.last();
  }
}
