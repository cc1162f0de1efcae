package io.blockroom.adapters.redis;

import io.blockroom.application.port.out.CoordinationUnavailable;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.redisson.api.RFuture;

/** Waits for answers of Redis, but not for long. */
final class RedisCalls {
  /** Within the three seconds that the ports promise. */
  static final Duration LIMIT = Duration.ofMillis(2500);

  private RedisCalls() {}

  /**
   * The answer.
   *
   * @throws CoordinationUnavailable if there is none in time; the command may be carried out still
   */
  static <T> T await(RFuture<T> call) {
    return await(call, LIMIT);
  }

  static <T> T await(RFuture<T> call, Duration limit) {
    try {
      return call.toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      throw new CoordinationUnavailable(failure);
    } catch (InterruptedException leaving) {
      Thread.currentThread().interrupt();
      throw new CoordinationUnavailable(leaving);
    }
  }
}
