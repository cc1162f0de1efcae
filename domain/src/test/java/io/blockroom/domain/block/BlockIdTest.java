package io.blockroom.domain.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A06 block ids")
class BlockIdTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "b1",
        "!#$%()*+,-./:;=?@[]",
        "^_`{|}~",
        "\\",
        "__proto__",
        "😀",
        "א",
        "é",
        "*",
        " "
      })
  void are_any_text(String value) {
    assertThat(new BlockId(value).value()).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\u0000", "\n", "\u007F", "\u0085", "\uD800", "a\uDC00"})
  void have_no_control_characters_and_no_halves_of_characters(String value) {
    assertThatThrownBy(() -> new BlockId(value)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void have_at_most_128_units() {
    assertThat(BlockId.isValid("x".repeat(128))).isTrue();
    assertThat(BlockId.isValid("x".repeat(129))).isFalse();
  }

  @Test
  void are_compared_unit_for_unit() {
    assertThat(new BlockId("e\u0301")).isNotEqualTo(new BlockId("é"));
  }
}
