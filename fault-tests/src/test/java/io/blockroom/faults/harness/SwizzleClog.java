package io.blockroom.faults.harness;

import io.blockroom.faults.harness.FaultProxy.Direction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Clogs links one by one and frees them in another order, so that servers are cut off from one
 * another in ways that nobody thought of. The seed says which, how, and how long.
 */
public final class SwizzleClog {
  private static final int LONGEST_PAUSE_MILLIS = 1_000;

  private final Random random;
  private final List<FaultProxy> links;

  public SwizzleClog(long seed, List<FaultProxy> links) {
    random = new Random(seed);
    this.links = List.copyOf(links);
  }

  /** Clogs some of the links, at least one, and frees them; all are sound at the end. */
  public void play() {
    List<FaultProxy> chosen = new ArrayList<>(links);
    Collections.shuffle(chosen, random);
    chosen = chosen.subList(0, 1 + random.nextInt(links.size()));
    for (FaultProxy link : chosen) {
      clog(link);
      Meanwhile.passes(pause());
    }
    List<FaultProxy> order = new ArrayList<>(chosen);
    Collections.shuffle(order, random);
    for (FaultProxy link : order) {
      link.heal();
      Meanwhile.passes(pause());
    }
  }

  private void clog(FaultProxy link) {
    switch (random.nextInt(6)) {
      case 0 -> link.oneWay(Direction.TO_SERVER);
      case 1 -> link.oneWay(Direction.TO_CLIENT);
      case 2 -> link.reset();
      default -> link.blackhole();
    }
  }

  private Duration pause() {
    return Duration.ofMillis(random.nextInt(LONGEST_PAUSE_MILLIS));
  }
}
