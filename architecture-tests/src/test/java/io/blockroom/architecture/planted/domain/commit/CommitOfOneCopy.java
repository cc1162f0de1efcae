package io.blockroom.architecture.planted.domain.commit;

import java.util.List;
import java.util.Map;

/** Copies one of the two things it holds. */
public record CommitOfOneCopy(List<String> events, Map<String, String> owners) {
  public CommitOfOneCopy {
    events = List.copyOf(events);
  }
}
