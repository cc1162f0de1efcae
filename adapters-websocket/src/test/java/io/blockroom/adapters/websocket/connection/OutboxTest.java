package io.blockroom.adapters.websocket.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OutboxTest {

  private final Outbox outbox =
      new Outbox(
          new ConnectionSettings.Outbound(
              100_000, 3, Duration.ofSeconds(2), Duration.ofSeconds(10)));

  @Test
  void small_frames_are_joined_up_to_one_write() {
    for (int i = 0; i < 5; i++) {
      outbox.offer(OutboundFrame.exempt(new byte[30_000]));
    }

    assertThat(outbox.take()).hasSize(60_000);
    assertThat(outbox.take()).hasSize(60_000);
    assertThat(outbox.take()).hasSize(30_000);
  }

  @Test
  void a_large_frame_is_not_copied() {
    byte[] large = new byte[1_000_000];
    outbox.offer(OutboundFrame.exempt(large));

    assertThat(outbox.take()).isSameAs(large);
  }

  @Test
  void more_bytes_than_allowed_are_told_at_once() {
    assertThat(outbox.offer(OutboundFrame.counted(new byte[100_000]))).isTrue();
    assertThat(outbox.offer(OutboundFrame.exempt(new byte[1_000_000]))).isTrue();
    assertThat(outbox.offer(OutboundFrame.counted(new byte[1]))).isFalse();
  }

  @Test
  void hints_are_left_out_from_32_messages_or_64_KiB_on() {
    for (int i = 0; i < 32; i++) {
      assertThat(outbox.isBehind()).isFalse();
      outbox.offer(OutboundFrame.counted(new byte[1]));
    }
    assertThat(outbox.isBehind()).isTrue();
    outbox.take();
    assertThat(outbox.isBehind()).as("taken is not yet sent").isTrue();
    outbox.written();
    assertThat(outbox.isBehind()).isFalse();

    outbox.offer(OutboundFrame.counted(new byte[1 << 16]));

    assertThat(outbox.isBehind()).isTrue();
  }

  @Test
  void bytes_taken_count_until_they_are_written() {
    outbox.offer(OutboundFrame.counted(new byte[60_000]));
    outbox.take();
    assertThat(outbox.bytes()).isEqualTo(60_000);

    outbox.written();

    assertThat(outbox.bytes()).isZero();
  }

  @Test
  void too_many_messages_are_a_stall_only_if_they_stay() {
    offerMessages(4);
    assertThat(outbox.isStalled(seconds(100))).isFalse();
    assertThat(outbox.isStalled(seconds(101))).isFalse();
    outbox.take();
    outbox.written();
    offerMessages(4);

    assertThat(outbox.isStalled(seconds(102))).isFalse();
    assertThat(outbox.isStalled(seconds(103))).isFalse();
    assertThat(outbox.isStalled(seconds(104))).isTrue();
  }

  @Test
  void as_many_messages_as_allowed_may_stay() {
    offerMessages(3);

    assertThat(outbox.isStalled(seconds(0))).isFalse();
    assertThat(outbox.isStalled(seconds(1000))).isFalse();
  }

  @Test
  void a_write_that_is_stuck_is_a_stall() {
    outbox.writeBegins(seconds(5));

    assertThat(outbox.isStalled(seconds(14))).isFalse();
    assertThat(outbox.isStalled(seconds(15))).isTrue();

    outbox.writeEnds();
    assertThat(outbox.isStalled(seconds(20))).isFalse();
  }

  @Test
  void a_closed_outbox_is_emptied_first() {
    offerMessages(1);
    outbox.close();

    assertThat(outbox.take()).hasSize(1);
    assertThat(outbox.take()).isNull();
  }

  @Test
  void a_waiting_writer_is_woken_by_a_message_and_by_the_close() throws Exception {
    Thread writer =
        Thread.ofVirtual()
            .start(() -> {
              while (outbox.take() != null) {
                outbox.written();
              }
            });
    offerMessages(1);
    outbox.close();

    assertThat(writer.join(Duration.ofSeconds(5))).isTrue();
  }

  private void offerMessages(int count) {
    for (int i = 0; i < count; i++) {
      outbox.offer(OutboundFrame.counted(new byte[1]));
    }
  }

  private static long seconds(long seconds) {
    return seconds * 1_000_000_000L;
  }
}
