package io.blockroom.bootstrap;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The way out: on Ctrl-C or SIGTERM the starting thread itself stops what it started, in reverse,
 * while the signal's own thread waits for it.
 */
final class Shutdown {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int NOT_FINISHED = 1;

  private final CountDownLatch requested = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread starter;
  private boolean starting = true;
  private volatile int status = NOT_FINISHED;

  private Shutdown(Thread starter) {
    this.starter = starter;
  }

  /** Makes the calling thread the one that starts and stops everything. */
  static Shutdown ofThisThread() {
    Shutdown shutdown = new Shutdown(Thread.currentThread());
    Runtime.getRuntime().addShutdownHook(new Thread(shutdown::stop, "shutdown"));
    return shutdown;
  }

  /** From here on a signal no longer interrupts the starter, which closes in peace. */
  synchronized void serving() {
    starting = false;
    Thread.interrupted();
  }

  /** Waits for the wish to stop. */
  void await() throws InterruptedException {
    requested.await();
  }

  boolean isRequested() {
    return requested.getCount() == 0;
  }

  /** Ends the process with this status, everything being closed. */
  void exit(int status) {
    this.status = status;
    finished.countDown();
    System.exit(status);
  }

  private void stop() {
    requested.countDown();
    interruptStart();
    try {
      if (!finished.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        status = NOT_FINISHED;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // Without it the status would be the signal's, and a clean stop would look like a failure.
    Runtime.getRuntime().halt(status);
  }

  private synchronized void interruptStart() {
    if (starting) {
      starter.interrupt();
    }
  }
}
