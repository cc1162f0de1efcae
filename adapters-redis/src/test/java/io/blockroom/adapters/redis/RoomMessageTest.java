package io.blockroom.adapters.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockroom.application.port.out.ChangesHeard;
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
        "1:a1:1Z",
        "1:a1:1F9:b",
        "1:a1:1F-1:b",
        "1:a1:1F99999999999:b",
        "1:a1:xF1:b",
        "1:{1:1F1:b",
        "1:a1:1F1:b",
        "1:a1:1F1:b5:BORED",
        "1:a1:1A1:b1:c1:0",
        "1:a1:1L1:b5:BORED",
        "1:a1:1C1:c1:71:b2:[]1:x0:0:",
        "1:a1:1H1:e2:-1",
        "1:a1:1U1:t1:14:NONE5:false",
        "1:a1:1F1:b8:RELEASED",
        "1:a1:1A1:b1:c1:15:STOLE1:0",
        "1:a1:1Q1:t",
        "1:a1:1Q7:t\nc\nb\na",
        "1:a1:1W1:*",
        "1:a1:1T0:",
        "1:a1:1S1:c1:x",
        "1:a0:1:c",
        "1:a0:1:c6:BORED\n",
        "1:a0:1:c6:ACTIVE",
        "1:a0:1:c9:ACTIVE\n1 "
      })
  void what_is_no_message_is_refused(String text) {
    assertThatThrownBy(() -> RoomMessage.tell(text.getBytes(UTF_8), new ChangesHeard()))
        .isInstanceOf(RuntimeException.class);
  }
}
