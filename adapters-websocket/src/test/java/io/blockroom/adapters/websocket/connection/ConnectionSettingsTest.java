package io.blockroom.adapters.websocket.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConnectionSettingsTest {

  @Test
  void the_defaults_are_what_the_protocol_promises() {
    ConnectionSettings settings = ConnectionSettings.defaults();

    assertThat(settings.inbound().maxMessageBytes()).isEqualTo(1_048_576);
    assertThat(settings.inbound().messagesPerSecond()).isEqualTo(300);
    assertThat(settings.heartbeat().interval()).isEqualTo(Duration.ofSeconds(15));
    assertThat(settings.outbound().maxBytes()).isEqualTo(4 * 1_048_576);
  }

  @Test
  void a_limit_that_limits_nothing_is_named() {
    assertThatThrownBy(() -> new ConnectionSettings.Inbound(0, Duration.ofSeconds(1), 1, 1))
        .hasMessage("maxMessageBytes must be positive: 0");
    assertThatThrownBy(() -> new ConnectionSettings.Heartbeat(Duration.ofSeconds(1), Duration.ZERO))
        .hasMessage("pongTimeout must be positive: PT0S");
  }

  @Test
  void a_tick_must_be_finer_than_what_it_measures() {
    assertThatThrownBy(() ->
            ConnectionSettings.defaults()
                .withCloseTimeout(Duration.ofSeconds(1), Duration.ofSeconds(1)))
        .hasMessageContaining("tick PT1S");
  }
}
