package io.blockroom.architecture.planted.domain.commit;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Copies what it holds, in either way. */
public record CommitOfCopies(List<String> events, Set<String> blocks) {
  public CommitOfCopies {
    events = List.copyOf(events);
    blocks = Collections.unmodifiableSet(new LinkedHashSet<>(blocks));
  }
}
