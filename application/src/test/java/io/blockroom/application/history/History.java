package io.blockroom.application.history;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What happened to one room, in the order in which it was noted. */
public final class History {
  private final List<Entry> entries = new ArrayList<>();

  public synchronized void note(Entry entry) {
    entries.add(entry);
  }

  public synchronized List<Entry> entries() {
    return List.copyOf(entries);
  }

  /** One line of JSON for each entry. */
  public String toJsonLines() {
    return entries().stream()
        .map(entry -> JsonLine.of((Record) entry))
        .collect(Collectors.joining("\n"));
  }
}
