package io.blockroom.adapters.websocket.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.adapters.websocket.connection.CloseHandshake.Due;
import io.blockroom.adapters.websocket.connection.CloseHandshake.Manner;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CloseHandshakeTest {

  private static final CloseStatus KICKED = new CloseStatus(4006, "kicked");

  private final CloseHandshake closing =
      new CloseHandshake(Duration.ofSeconds(1), Duration.ofMillis(100));

  @Test
  void the_first_cause_wins() {
    assertThat(closing.begin(KICKED, Manner.ORDERLY, 0)).isTrue();
    assertThat(closing.begin(CloseStatus.ABNORMAL, Manner.LOST, 0)).isFalse();

    assertThat(closing.end()).isNotNull();
    assertThat(closing.isComplete()).isFalse();
  }

  @Test
  void an_orderly_end_is_complete_when_both_close_frames_are_through() {
    closing.begin(KICKED, Manner.ORDERLY, 0);
    closing.written(millis(10));
    assertThat(closing.isComplete()).isFalse();

    closing.peerClosed();

    assertThat(closing.isComplete()).isTrue();
    assertThat(closing.due(millis(11))).isEqualTo(Due.CUT);
  }

  @Test
  void a_peer_that_does_not_answer_is_cut_a_second_after_our_close_frame() {
    closing.begin(KICKED, Manner.ORDERLY, 0);
    closing.written(millis(500));

    assertThat(closing.due(millis(1300))).isEqualTo(Due.NOTHING);
    assertThat(closing.due(millis(1400))).isEqualTo(Due.CUT);
  }

  @Test
  void what_is_queued_has_a_second_to_leave_and_the_close_frame_another() {
    closing.begin(KICKED, Manner.ORDERLY, 0);

    assertThat(closing.due(millis(800))).isEqualTo(Due.NOTHING);
    assertThat(closing.due(millis(900))).isEqualTo(Due.DISCARD_QUEUE);
    assertThat(closing.due(millis(1900))).isEqualTo(Due.CUT);
  }

  @Test
  void an_abrupt_end_waits_for_no_answer_and_cuts_within_a_second() {
    closing.begin(CloseStatus.TOO_SLOW, Manner.ABRUPT, 0);

    assertThat(closing.due(millis(800))).isEqualTo(Due.NOTHING);
    assertThat(closing.due(millis(900))).isEqualTo(Due.CUT);

    closing.written(millis(800));
    assertThat(closing.isComplete()).isTrue();
  }

  @Test
  void a_lost_connection_waits_for_nothing() {
    closing.begin(CloseStatus.ABNORMAL, Manner.LOST, 0);

    assertThat(closing.isComplete()).isTrue();
  }

  private static long millis(long millis) {
    return millis * 1_000_000;
  }
}
