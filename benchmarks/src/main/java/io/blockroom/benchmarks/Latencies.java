package io.blockroom.benchmarks;

import java.util.Collections;
import java.util.List;

/**
 * How long something took, many times over.
 *
 * @param sorted in nanoseconds, the shortest first
 */
record Latencies(List<Long> sorted) {
  Latencies {
    sorted = Collections.unmodifiableList(sorted.stream().sorted().toList());
  }

  int count() {
    return sorted.size();
  }

  /** The time that so many of a hundred did not exceed, in milliseconds. */
  double percentile(double percent) {
    if (sorted.isEmpty()) {
      return Double.NaN;
    }
    int index = (int) Math.ceil(percent / 100 * sorted.size()) - 1;
    return sorted.get(Math.max(0, index)) / 1e6;
  }

  @Override
  public String toString() {
    return "p50 %.2f ms, p99 %.2f ms of %d".formatted(percentile(50), percentile(99), count());
  }
}
