package io.blockroom.adapters.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever else comes over a channel is told apart. */
class RoomMessageTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "x",
        "1:a",
        "1:a1:",
        "1:a1:1",
        "1:a1:1X",
        "1:a1:1F9:b",
        "1:a1:1F-1:b",
        "1:a1:1F99999999999:b",
        "1:a1:xF1:b",
        "1:{1:1F1:b"
      })
  void what_is_no_message_is_refused(String text) {
    assertThatThrownBy(() -> RoomMessage.decode(text.getBytes(UTF_8)))
        .isInstanceOf(RuntimeException.class);
  }
}
