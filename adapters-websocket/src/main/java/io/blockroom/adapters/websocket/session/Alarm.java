package io.blockroom.adapters.websocket.session;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Lets something be done later. */
interface Alarm {
  /** One timer for all, and a thread for each alarm only when it goes off. */
  Alarm OF_THE_SERVER =
      (delay, action) ->
          CompletableFuture.delayedExecutor(
                  delay.toMillis(),
                  TimeUnit.MILLISECONDS,
                  due -> Thread.ofVirtual().name("session-alarm").start(due))
              .execute(action);

  /** Runs the action when the delay is over. */
  void after(Duration delay, Runnable action);
}
