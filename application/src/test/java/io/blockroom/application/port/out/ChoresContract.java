package io.blockroom.application.port.out;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What every {@link Chores} keeps to. */
public interface ChoresContract {
  /** Tells the chores of this test from those of others. */
  String chore();

  /** One server's. */
  Chores chores();

  /** Those of another. */
  Chores choresElsewhere();

  /** Ends the other server as a crash does. */
  void crashElsewhere();

  /** How soon after a crash others can take over, at the latest. */
  Duration crashIsForgottenWithin();

  /** From now on nothing that is asked of the coordination is answered. */
  void cutOff();

  /** The coordination answers again. */
  void reconnect();

  @Test
  default void work_that_nobody_is_at_is_done_before_the_call_returns() {
    AtomicInteger done = new AtomicInteger();

    assertThat(chores().attempt(chore(), done::incrementAndGet)).isTrue();

    assertThat(done).hasValue(1);
  }

  @Test
  default void work_that_somebody_is_at_is_left_to_them() {
    AtomicInteger done = new AtomicInteger();
    assertThat(
            choresElsewhere()
                .attempt(
                    chore(),
                    () -> {
                      assertThat(chores().attempt(chore(), done::incrementAndGet)).isFalse();
                      assertThat(choresElsewhere().attempt(chore(), done::incrementAndGet))
                          .isFalse();
                    }))
        .isTrue();

    assertThat(done).hasValue(0);
  }

  @Test
  default void work_that_is_done_can_be_done_again_by_anybody() {
    AtomicInteger done = new AtomicInteger();
    for (Chores each : new Chores[] {choresElsewhere(), chores(), chores(), choresElsewhere()}) {
      assertThat(each.attempt(chore(), done::incrementAndGet)).isTrue();
    }

    assertThat(done).hasValue(4);
  }

  @Test
  default void work_that_fails_can_be_done_again() {
    assertThatThrownBy(() ->
            chores()
                .attempt(
                    chore(),
                    () -> {
                      throw new IllegalStateException("spilt");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("spilt");

    assertThat(choresElsewhere().attempt(chore(), () -> {})).isTrue();
  }

  @Test
  default void different_work_is_done_side_by_side() {
    AtomicInteger done = new AtomicInteger();

    assertThat(
            chores()
                .attempt(
                    chore(),
                    () ->
                        assertThat(
                                choresElsewhere().attempt(chore() + " too", done::incrementAndGet))
                            .isTrue()))
        .isTrue();

    assertThat(done).hasValue(1);
  }

  @Test
  default void of_many_who_try_at_once_one_does_it_at_a_time() {
    AtomicInteger atWork = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();

    long turns =
        AtOnce.call(
                20,
                n ->
                    (n % 2 == 0 ? chores() : choresElsewhere())
                        .attempt(
                            chore(),
                            () -> {
                              assertThat(atWork.incrementAndGet()).isOne();
                              done.incrementAndGet();
                              atWork.decrementAndGet();
                            }))
            .stream()
            .filter(isMyTurn -> isMyTurn)
            .count();

    assertThat(turns).isPositive().isEqualTo(done.get());
  }

  @Test
  default void work_of_a_server_that_died_can_be_done_by_others() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    Thread dying =
        Thread.ofVirtual()
            .start(() ->
                choresElsewhere()
                    .attempt(
                        chore(),
                        () -> {
                          begun.countDown();
                          awaitQuietly(over);
                        }));
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(chores().attempt(chore(), () -> {})).isFalse();

    crashElsewhere();

    await()
        .atMost(crashIsForgottenWithin())
        .pollInterval(Duration.ofMillis(50))
        .until(() -> chores().attempt(chore(), () -> {}));
    over.countDown();
    dying.join(Duration.ofSeconds(10));
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException leaving) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  default void no_answer_about_chores_is_told_within_3_seconds() {
    cutOff();
    try {
      long asked = System.nanoTime();
      assertThatThrownBy(() -> chores().attempt(chore(), () -> {}))
          .isInstanceOf(CoordinationUnavailable.class);
      assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(3));
    } finally {
      reconnect();
    }
  }
}
