package io.blockroom.adapters.websocket.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.adapters.websocket.connection.HeartbeatMonitor.Beat;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HeartbeatMonitorTest {

  private static final Duration TICK = Duration.ofMillis(100);
  private final HeartbeatMonitor heartbeat =
      new HeartbeatMonitor(ConnectionSettings.defaults().heartbeat(), TICK, 0);
  private long millis;

  @Test
  void a_ping_is_due_every_interval_while_the_peer_answers() {
    heartbeat.listens(nanos());
    int pings = 0;
    while (millis < 10 * 60_000) {
      millis += TICK.toMillis();
      Beat beat = heartbeat.due(nanos());
      assertThat(beat).isNotEqualTo(Beat.SILENT);
      if (beat == Beat.PING) {
        pings++;
        heartbeat.heard(nanos() + 1_000_000);
        heartbeat.listens(nanos() + 1_000_000);
      }
    }

    assertThat(pings).isEqualTo(40);
  }

  @Test
  @DisplayName("A15 gone within 35 seconds, whenever the silence begins")
  void a_peer_is_gone_after_two_unanswered_pings_and_never_later_than_35_seconds() {
    for (int silentFrom = 1; silentFrom < 30_000; silentFrom += 777) {
      HeartbeatMonitor monitor =
          new HeartbeatMonitor(ConnectionSettings.defaults().heartbeat(), TICK, 0);
      monitor.listens(0);
      int pingsInSilence = 0;
      long now = 0;
      Beat beat = Beat.NOTHING;
      while (beat != Beat.SILENT) {
        now += TICK.toMillis();
        if (now <= silentFrom) {
          monitor.heard(now * 1_000_000);
          monitor.listens(now * 1_000_000);
        }
        beat = monitor.due(now * 1_000_000);
        pingsInSilence += beat == Beat.PING && now > silentFrom ? 1 : 0;
        assertThat(now).isLessThan(100_000);
      }

      assertThat(now - silentFrom).isBetween(19_900L, 35_000L);
      assertThat(pingsInSilence).isEqualTo(2);
    }
  }

  @Test
  void time_in_which_the_reader_is_busy_is_not_silence() {
    heartbeat.heard(nanos());
    while (millis < 5 * 60_000) {
      millis += TICK.toMillis();
      assertThat(heartbeat.due(nanos())).isNotEqualTo(Beat.SILENT);
    }
  }

  private long nanos() {
    return millis * 1_000_000;
  }
}
