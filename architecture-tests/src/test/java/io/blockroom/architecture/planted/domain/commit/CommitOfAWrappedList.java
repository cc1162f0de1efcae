package io.blockroom.architecture.planted.domain.commit;

import java.util.Collections;
import java.util.List;

/** Wraps a list that somebody else can change. */
public record CommitOfAWrappedList(List<String> events) {
  public CommitOfAWrappedList {
    events = Collections.unmodifiableList(events);
  }
}
