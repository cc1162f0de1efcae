package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.history.HistoryChecker;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Thousands of stories of which each may be the one in which something goes wrong. */
class SimulationTest {
  private static final int SEEDS = Integer.getInteger("seeds", 5_000);

  @Test
  @DisplayName("H6: whatever happens, I1 to I5 and I7 hold, and everybody comes to see the same")
  void whatever_happens_everybody_comes_to_see_the_same() {
    long first = Long.getLong("seed", new Random().nextLong());
    LongStream.range(first, first + SEEDS).parallel().forEach(SimulationTest::mustEndWell);
  }

  private static void mustEndWell(long seed) {
    Simulation simulation = new Simulation(seed);
    try {
      simulation.play();
      assertThat(HistoryChecker.check(simulation.history.entries())).isEmpty();
    } catch (AssertionError | RuntimeException broken) {
      throw new AssertionError("seed " + seed + ": " + String.join("\n", simulation.told), broken);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void the_same_seed_plays_the_same_story(long seed) {
    assertThat(historyOf(seed)).isEqualTo(historyOf(seed));
  }

  private static String historyOf(long seed) {
    Simulation simulation = new Simulation(seed);
    simulation.play();
    return simulation.history.toJsonLines();
  }
}
