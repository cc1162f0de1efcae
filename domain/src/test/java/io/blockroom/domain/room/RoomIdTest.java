package io.blockroom.domain.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A06 room ids")
class RoomIdTest {

  @ParameterizedTest
  @ValueSource(strings = {"maze", "3-나", "교실_1", "Übung", "غرفة", "क्ष", "r", "١٢٣"})
  void are_letters_marks_and_digits_of_any_script(String name) {
    assertThat(RoomId.of(name)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "a b",
        "a/b",
        "..",
        "a.b",
        "a{b}",
        "a*",
        "a\u0000",
        "a\n",
        "\uD83D\uDE00",
        "\uD800",
        "a:b",
        "<a>",
        "\uFFFD"
      })
  void that_are_ill_formed_name_no_room(String name) {
    assertThat(RoomId.of(name)).isEmpty();
    assertThatThrownBy(() -> new RoomId(name)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void are_one_however_their_characters_are_composed() {
    assertThat(RoomId.of("\u1100\u1161")).isEqualTo(RoomId.of("가"));
  }

  @Test
  void have_at_most_64_characters() {
    assertThat(RoomId.of("가".repeat(64))).isPresent();
    assertThat(RoomId.of("가".repeat(65))).isEmpty();
    assertThat(RoomId.of("a".repeat(1_000_000))).isEmpty();
  }
}
