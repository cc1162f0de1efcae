package io.blockroom.application.fake;

import io.blockroom.application.fake.InMemoryStorage.Fault;
import io.blockroom.domain.commit.SequenceNumber;
import java.util.EnumSet;
import java.util.Set;

/** The faults that a test planted in a storage; confined to the storage's lock. */
final class PlantedFaults {
  /** One in so many commits is mistreated. */
  private static final int EVERY = 5;

  private final Set<Fault> planted = EnumSet.noneOf(Fault.class);
  private int commits;

  void plant(Fault fault) {
    planted.add(fault);
  }

  boolean skipsFence() {
    return planted.contains(Fault.SKIPS_FENCE);
  }

  boolean forgetsCids() {
    return planted.contains(Fault.FORGETS_CIDS);
  }

  /** The number that the next commit gets. */
  SequenceNumber number(SequenceNumber right) {
    commits++;
    return isIts(Fault.REUSES_A_SEQ) && right.value() > 1
        ? new SequenceNumber(right.value() - 1)
        : right;
  }

  /** Whether the commit that was just numbered is kept. */
  boolean keeps() {
    return !isIts(Fault.ACKS_BEFORE_STORING);
  }

  private boolean isIts(Fault fault) {
    return planted.contains(fault) && commits % EVERY == 0;
  }
}
