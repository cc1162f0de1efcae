package io.blockroom.application.history;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * I3: the stored commits are numbered 1 to n; whatever is acknowledged or shown is stored, as it
 * was offered and as it is shown, and was so before.
 */
final class DurabilityCheck implements Check {
  private record Request(String connection, String request) {}

  private final Map<Long, Entry.Row> rows = new HashMap<>();
  private final Map<Request, Entry.Wish.Commit> offers = new HashMap<>();
  private long last;

  @Override
  public void see(Entry entry, Consumer<String> broken) {
    switch (entry) {
      case Entry.Stored(Entry.Row row) -> {
        if (row.seq() != last + 1) {
          broken.accept("commit %d is stored behind %d".formatted(row.seq(), last));
        }
        last = row.seq();
        rows.put(row.seq(), row);
      }
      case Entry.CommitTold told when told.row().seq() > 0 -> require(told.row(), broken);
      case Entry.Shown shown -> {
        shown.tail().forEach(row -> require(row, broken));
        shown.acked().forEach((cid, seq) -> require(cid, seq, broken));
      }
      case Entry.Asked(String connection, String request, Entry.Wish.Commit commit) ->
          offers.put(new Request(connection, request), commit);
      case Entry.Answered(
              String connection,
              String request,
              Entry.Answer.Applied(long seq, boolean isDuplicate)) ->
          Optional.ofNullable(offers.get(new Request(connection, request)))
              .ifPresent(offer -> require(offer, seq, broken));
      case Entry other -> {}
    }
  }

  private void require(Entry.Row told, Consumer<String> broken) {
    if (!told.equals(rows.get(told.seq()))) {
      broken.accept("%s is told and stored is %s".formatted(told, rows.get(told.seq())));
    }
  }

  private void require(String cid, long seq, Consumer<String> broken) {
    Entry.Row row = rows.get(seq);
    if (row == null || !row.cid().equals(Optional.of(cid))) {
      broken.accept("%s is acknowledged at %d and stored is %s".formatted(cid, seq, row));
    }
  }

  private void require(Entry.Wish.Commit offer, long seq, Consumer<String> broken) {
    if (offer.events().equals(Entry.NO_EVENTS)) {
      return; // it leaves no row
    }
    Entry.Row row = rows.get(seq);
    if (row == null
        || !row.cid().equals(offer.cid())
        || !row.block().equals(offer.block())
        || !row.events().equals(offer.events())) {
      broken.accept("%s is acknowledged at %d and stored is %s".formatted(offer, seq, row));
    }
  }
}
