package io.blockroom.application.fake;

import io.blockroom.domain.commit.SequenceNumber;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The snapshots of a room in one form: of every hundred numbers the last one, and those that are
 * kept for good.
 */
final class InMemorySnapshots<W> {
  private static final long THINNED_TO = 100;

  private final TreeMap<SequenceNumber, Kept<W>> kept = new TreeMap<>();

  record Kept<W>(SequenceNumber seq, W workspace, Instant at, boolean isForGood) {}

  void keep(SequenceNumber seq, W workspace, Instant now, boolean isForGood) {
    SequenceNumber hundred = new SequenceNumber(seq.value() / THINNED_TO * THINNED_TO);
    boolean wasForGood = at(seq).filter(Kept::isForGood).isPresent();
    if (!isForGood) {
      kept.subMap(hundred, seq).values().removeIf(old -> !old.isForGood());
    }
    kept.put(seq, new Kept<>(seq, workspace, now, isForGood || wasForGood));
  }

  boolean isEmpty() {
    return kept.isEmpty();
  }

  SequenceNumber newestSeq() {
    return isEmpty() ? SequenceNumber.NONE : kept.lastKey();
  }

  /** The last one up to a number. */
  Optional<Kept<W>> newestAt(SequenceNumber seq) {
    return Optional.ofNullable(kept.floorEntry(seq)).map(entry -> entry.getValue());
  }

  Optional<Kept<W>> at(SequenceNumber seq) {
    return Optional.ofNullable(kept.get(seq));
  }

  Stream<SequenceNumber> seqs() {
    return kept.keySet().stream();
  }

  /** Forgets those before a number but the newest, at most so many. */
  void forgetBefore(SequenceNumber seq, int limit) {
    List<SequenceNumber> old =
        kept.headMap(seq).keySet().stream()
            .filter(each -> !each.equals(newestSeq()))
            .limit(limit)
            .toList();
    old.forEach(kept::remove);
  }
}
