package io.blockroom.adapters.websocket.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloseStatusTest {

  @ParameterizedTest
  @ValueSource(strings = {"x", "é", "한", "😀"})
  void a_reason_is_cut_before_the_character_that_does_not_fit(String character) {
    String reason = new CloseStatus(1000, character.repeat(200)).reason();

    int width = character.getBytes(UTF_8).length;
    assertThat(reason).isEqualTo(character.repeat(123 / width));
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 1003, 1007, 1011, 1012, 1013, 1014, 3000, 4999})
  void codes_of_the_registry_and_of_applications_may_be_sent(int code) {
    assertThat(CloseStatus.maySend(code)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535})
  void other_codes_may_not(int code) {
    assertThat(CloseStatus.maySend(code)).isFalse();
  }

  @Test
  void an_absent_code_is_an_empty_frame() {
    assertThat(CloseStatus.NO_CODE.payload()).isEmpty();
    assertThat(new CloseStatus(4003, "room full").payload())
        .startsWith(0x0F, 0xA3)
        .hasSize(2 + "room full".length());
  }
}
