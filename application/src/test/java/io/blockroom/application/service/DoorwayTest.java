package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.StorageUnavailable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** G9, C21: who comes when many come. */
class DoorwayTest {
  private final Doorway doorway = new Doorway();
  private final ExecutorService people = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch going = new CountDownLatch(1);
  private final AtomicInteger inside = new AtomicInteger();

  @AfterEach
  void end() {
    going.countDown();
    people.close();
  }

  @Test
  void who_is_in_lets_in_the_next() throws Exception {
    fill(() -> "in");
    Future<String> next = people.submit(() -> doorway.pass(() -> "next"));

    going.countDown();

    assertThat(next.get(10, TimeUnit.SECONDS)).isEqualTo("next");
    assertThat(doorway.<String>pass(() -> "last")).isEqualTo("last");
  }

  @Test
  @DisplayName("G9 who waits behind somebody who finds Redis away does not try it for themselves")
  void who_waits_behind_somebody_who_finds_redis_away_does_not_try_it_for_themselves() {
    List<Future<String>> first =
        fill(() -> {
          throw new CoordinationUnavailable(new IllegalStateException("away"));
        });
    AtomicInteger tries = new AtomicInteger();
    List<Future<String>> behind = new ArrayList<>();
    for (int n = 0; n < 100; n++) {
      behind.add(people.submit(() -> doorway.pass(() -> "try " + tries.incrementAndGet())));
    }
    await().until(() -> doorway.waiting() == 100);

    going.countDown();

    first.forEach(each -> assertFailed(each, CoordinationUnavailable.class));
    behind.forEach(each -> assertFailed(each, StorageUnavailable.class));
    assertThat(tries).hasValue(0);
    assertThat(doorway.<String>pass(() -> "later")).isEqualTo("later");
  }

  @Test
  void nobody_waits_for_longer_than_5_seconds() {
    fill(() -> "in");

    assertThatThrownBy(() -> doorway.pass(() -> "never")).isInstanceOf(StorageUnavailable.class);
  }

  /** As many as can be are in, and stay until they are told to go. */
  private List<Future<String>> fill(Supplier<String> end) {
    List<Future<String>> all = new ArrayList<>();
    for (int n = 0; n < Doorway.AT_ONCE; n++) {
      all.add(
          people.submit(() ->
              doorway.pass(() -> {
                inside.incrementAndGet();
                assertThat(awaitGoing()).isTrue();
                return end.get();
              })));
    }
    await().until(() -> inside.get() == Doorway.AT_ONCE);
    return all;
  }

  private boolean awaitGoing() {
    try {
      return going.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertFailed(Future<String> person, Class<? extends Exception> how) {
    assertThatThrownBy(() -> person.get(10, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(how);
  }
}
