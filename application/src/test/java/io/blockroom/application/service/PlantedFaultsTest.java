package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.fake.InMemoryStorage.Fault;
import io.blockroom.application.history.HistoryChecker;
import io.blockroom.application.history.Violation;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The simulation can fail: a storage that makes a mistake is found out. */
class PlantedFaultsTest {
  /** Stories of which at least one must show the mistake. */
  private static final int SEEDS = 500;

  @Test
  void a_skipped_fence_is_caught() {
    requireCaught(Fault.SKIPS_FENCE, "I1");
  }

  @Test
  void a_reused_number_is_caught() {
    requireCaught(Fault.REUSES_A_SEQ, "I3");
  }

  @Test
  void an_ack_before_storing_is_caught() {
    requireCaught(Fault.ACKS_BEFORE_STORING, "I3");
  }

  @Test
  void a_forgotten_cid_is_caught() {
    requireCaught(Fault.FORGETS_CIDS, "I4");
  }

  private static void requireCaught(Fault fault, String invariant) {
    long first = new Random().nextLong();

    assertThat(LongStream.range(first, first + SEEDS))
        .as("%s in one of %d stories from seed %d on", fault, SEEDS, first)
        .anyMatch(seed ->
            violations(seed, fault).stream()
                .anyMatch(violation -> violation.invariant().equals(invariant)));
  }

  private static List<Violation> violations(long seed, Fault fault) {
    Simulation simulation = new Simulation(seed);
    simulation.plant(fault);
    try {
      simulation.play();
    } catch (AssertionError | RuntimeException broken) {
      return HistoryChecker.check(simulation.history.entries()); // what it stumbled over
    }
    return HistoryChecker.check(simulation.history.entries());
  }
}
