package io.blockroom.bootstrap;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Does small recurring work on one thread; a failure is logged and does not end it. */
final class Ticker implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Ticker.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final ScheduledExecutorService executor;

  private Ticker(ScheduledExecutorService executor) {
    this.executor = executor;
  }

  /** Runs the works one after the other, the given time after the last time. */
  static Ticker start(String name, Duration interval, Runnable... works) {
    ScheduledExecutorService executor =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name(name).factory());
    for (Runnable work : works) {
      var _ =
          executor.scheduleWithFixedDelay(
              () -> attempt(name, work),
              interval.toMillis(),
              interval.toMillis(),
              TimeUnit.MILLISECONDS);
    }
    return new Ticker(executor);
  }

  /** Lets what is going on come to its end, if that does not take long. */
  @Override
  public void close() {
    executor.shutdown();
    try {
      if (executor.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException leaving) {
      Thread.currentThread().interrupt();
    }
    executor.shutdownNow();
  }

  private static void attempt(String name, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException failure) {
      LOG.log(System.Logger.Level.WARNING, "{0} failed: {1}", name, failure.getClass().getName());
    }
  }
}
