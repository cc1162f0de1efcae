package io.blockroom.adapters.redis;

import io.blockroom.application.port.out.CoordinationUnavailable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for answers of Redis, but not for long. */
final class RedisCalls {
  private RedisCalls() {}

  /**
   * The answer.
   *
   * @throws CoordinationUnavailable if there is none in time; the command may be carried out still
   */
  static <T> T await(CompletionStage<T> call) {
    return await(call, Deadline.ofRequest());
  }

  static <T> T await(CompletionStage<T> call, Deadline deadline) {
    try {
      return call.toCompletableFuture().get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException | TimeoutException | CancellationException failure) {
      throw new CoordinationUnavailable(failure);
    } catch (InterruptedException leaving) {
      Thread.currentThread().interrupt();
      throw new CoordinationUnavailable(leaving);
    }
  }
}
