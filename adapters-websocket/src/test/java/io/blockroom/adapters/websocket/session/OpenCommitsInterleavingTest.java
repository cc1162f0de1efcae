package io.blockroom.adapters.websocket.session;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/**
 * The end of a connection in many orders with the answers to its commits; one in which it comes too
 * early, twice or never is printed step by step.
 */
class OpenCommitsInterleavingTest {
  private static final int ORDERS = 500;

  @Test
  void the_farewell_is_said_once_and_when_no_commit_is_open() {
    Lincheck.runConcurrentTest(
        ORDERS,
        () -> {
          OpenCommits commits = new OpenCommits();
          AtomicInteger open = new AtomicInteger();
          List<Integer> openAtFarewell = new ArrayList<>();
          Thread ada = new Thread(() -> commit(commits, open));
          Thread bob = new Thread(() -> commit(commits, open));
          ada.start();
          bob.start();
          commits.endWith(() -> openAtFarewell.add(open.get()));
          join(ada);
          join(bob);

          if (!openAtFarewell.equals(List.of(0)) || commits.begin()) {
            throw new AssertionError("open commits at each farewell: " + openAtFarewell);
          }
        });
  }

  private static void commit(OpenCommits commits, AtomicInteger open) {
    if (commits.begin()) {
      open.incrementAndGet();
      open.decrementAndGet();
      commits.end();
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
