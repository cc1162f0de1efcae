package io.blockroom.application.port.out;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Lets many callers start at the same moment. */
public final class AtOnce {
  private static final long LIMIT_SECONDS = 30;

  private AtOnce() {}

  /**
   * Calls once per caller, all at once, and returns what each got, in the order of the callers.
   *
   * @param call what to do; its argument is the number of the caller, from 0
   */
  public static <T> List<T> call(int callers, IntFunction<T> call) {
    CountDownLatch start = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> calls =
          IntStream.range(0, callers)
              .mapToObj(caller ->
                  threads.submit(() -> {
                    start.await();
                    return call.apply(caller);
                  }))
              .toList();
      start.countDown();
      return calls.stream().map(AtOnce::answer).toList();
    }
  }

  private static <T> T answer(Future<T> call) {
    try {
      return call.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw new AssertionError("a caller failed", failed.getCause());
    } catch (TimeoutException | InterruptedException late) {
      call.cancel(true);
      throw new AssertionError("a caller got no answer", late);
    }
  }
}
