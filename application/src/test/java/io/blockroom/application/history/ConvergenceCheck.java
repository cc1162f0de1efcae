package io.blockroom.application.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * I5: every connection is told the commits one by one behind the state that it was shown, a
 * snapshot shows what its commits make of the room, and at rest everybody has come to the end.
 */
final class ConvergenceCheck implements Check {
  private final Map<String, View> views = new HashMap<>();
  private final Map<String, Long> named = new HashMap<>();
  private final Contents contents = new Contents();

  @Override
  public void see(Entry entry, Consumer<String> broken) {
    switch (entry) {
      case Entry.Stored(Entry.Row row) -> {
        contents.add(row);
        row.cid().ifPresent(cid -> named.put(cid, row.seq()));
      }
      case Entry.Restored(long to, long last) -> contents.restore(to, last);
      case Entry.Opened(String connection, boolean isSeed) ->
          views.put(connection, new View(connection, isSeed));
      case Entry.Resuming resuming -> with(resuming.connection(), view -> view.resume(resuming));
      case Entry.Shown shown -> with(shown.connection(), view -> view.show(shown, broken));
      case Entry.CommitTold(String connection, Entry.Row row) when row.seq() > 0 ->
          with(connection, view -> view.tell(row, broken));
      case Entry.Closed(String connection) -> views.remove(connection);
      case Entry.AtRest() -> views.values().forEach(view -> view.rest(broken));
      case Entry other -> {}
    }
  }

  private void with(String connection, Consumer<View> action) {
    Optional.ofNullable(views.get(connection)).ifPresent(action);
  }

  /** What a connection has been told. */
  private final class View {
    private final String connection;
    private final boolean isSeed;
    private final Set<Long> echoes = new HashSet<>();
    private Set<String> pending = Set.of();
    private String client = "";
    private boolean isShown;
    private long last;

    View(String connection, boolean isSeed) {
      this.connection = connection;
      this.isSeed = isSeed;
    }

    void resume(Entry.Resuming resuming) {
      last = resuming.last();
      pending = resuming.pending();
    }

    void show(Entry.Shown shown, Consumer<String> broken) {
      long from = shown.seq() - shown.tail().size();
      List<Long> tail = shown.tail().stream().map(Entry.Row::seq).toList();
      for (int i = 0; i < tail.size(); i++) {
        if (tail.get(i) != from + 1 + i) {
          broken.accept("%s is shown a tail %s of %d".formatted(connection, tail, shown.seq()));
          break;
        }
      }
      if (!shown.isWhole() && from != last) {
        broken.accept(
            "%s knows %d and is shown what is behind %d".formatted(connection, last, from));
      }
      shown
          .contents()
          .filter(edits -> !edits.equals(contents.at(from)))
          .ifPresent(edits ->
              broken.accept(
                  "%s is shown %s as of %d instead of %s"
                      .formatted(connection, edits, from, contents.at(from))));
      pending.stream()
          .filter(cid -> named.getOrDefault(cid, Long.MAX_VALUE) <= shown.seq())
          .filter(cid -> !shown.acked().containsKey(cid))
          .forEach(cid -> broken.accept(connection + " is not told that " + cid + " stands"));
      pending = Set.of();
      client = shown.client();
      isShown = true;
      last = shown.seq();
    }

    void tell(Entry.Row row, Consumer<String> broken) {
      if (!isShown) {
        broken.accept("%s is told %d before any state".formatted(connection, row.seq()));
      } else if (row.seq() == last + 1) {
        last = row.seq();
      } else if (!isEcho(row)) {
        broken.accept("%s is told %d behind %d".formatted(connection, row.seq(), last));
      }
    }

    /** Who reads XML only may be told their own commit though a state had it: it is the answer. */
    private boolean isEcho(Entry.Row row) {
      return isSeed && row.by().equals(client) && row.seq() <= last && echoes.add(row.seq());
    }

    void rest(Consumer<String> broken) {
      if (last != contents.last()) {
        broken.accept("%s rests at %d of %d".formatted(connection, last, contents.last()));
      }
    }
  }

  /** Which edits there are in the room as of each number. */
  private static final class Contents {
    private final List<List<String>> edits = new ArrayList<>(List.of(List.of()));
    private Optional<List<String>> restored = Optional.empty();

    long last() {
      return edits.size() - 1L;
    }

    List<String> at(long seq) {
      return seq >= 0 && seq <= last() ? edits.get((int) seq) : List.of("nothing yet");
    }

    void add(Entry.Row row) {
      List<String> next = new ArrayList<>(restored.orElse(edits.getLast()));
      if (restored.isEmpty()) {
        next.add(row.events());
      }
      restored = Optional.empty();
      edits.add(next);
    }

    /** The next commit says that the room is what it was; copies of others may follow it. */
    void restore(long to, long last) {
      long copied = last - last() - 1;
      restored = Optional.of(at(to - copied));
    }
  }
}
