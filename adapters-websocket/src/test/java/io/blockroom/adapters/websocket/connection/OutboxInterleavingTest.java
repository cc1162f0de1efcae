package io.blockroom.adapters.websocket.connection;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/**
 * The outbox in many orders in which its threads may take turns; one in which something is lost is
 * printed step by step. A lost wake-up is not found: here, as the JDK allows, a thread that waits
 * may wake up for no reason.
 */
class OutboxInterleavingTest {
  private static final int ORDERS = 500;

  private static final ConnectionSettings.Outbound LIMITS =
      new ConnectionSettings.Outbound(100_000, 3, Duration.ofSeconds(2), Duration.ofSeconds(10));

  @Test
  void everything_queued_before_the_close_is_written_once_and_each_sender_keeps_its_order() {
    Lincheck.runConcurrentTest(
        ORDERS,
        () -> {
          Outbox outbox = new Outbox(LIMITS);
          Writing writing = new Writing(outbox);
          Thread ada = new Thread(() -> offer(outbox, "ab"));
          Thread bob = new Thread(() -> offer(outbox, "c"));
          writing.start();
          ada.start();
          bob.start();
          join(ada);
          join(bob);
          outbox.close();
          join(writing);

          writing.mustHaveWritten(Set.of("abc", "acb", "cab"));
        });
  }

  @Test
  void a_close_on_the_heels_of_a_frame_does_not_lose_it() {
    Lincheck.runConcurrentTest(
        ORDERS,
        () -> {
          Outbox outbox = new Outbox(LIMITS);
          Writing writing = new Writing(outbox);
          writing.start();
          offer(outbox, "a");
          outbox.close();
          join(writing);

          writing.mustHaveWritten(Set.of("a"));
        });
  }

  private static void offer(Outbox outbox, String letters) {
    for (int i = 0; i < letters.length(); i++) {
      outbox.offer(OutboundFrame.counted(new byte[] {(byte) letters.charAt(i)}));
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /** The thread that empties the outbox. */
  private static final class Writing extends Thread {
    private final Outbox outbox;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    Writing(Outbox outbox) {
      this.outbox = outbox;
    }

    @Override
    public void run() {
      for (byte[] next = outbox.take(); next != null; next = outbox.take()) {
        written.writeBytes(next);
        outbox.written();
      }
    }

    /** What AssertJ asks of its own objects confuses the checker. */
    void mustHaveWritten(Set<String> possible) {
      String letters = written.toString(StandardCharsets.US_ASCII);
      if (!possible.contains(letters) || outbox.bytes() != 0) {
        throw new AssertionError("written: " + letters + ", unsent: " + outbox.bytes());
      }
    }
  }
}
