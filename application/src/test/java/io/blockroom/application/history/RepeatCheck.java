package io.blockroom.application.history;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** I4: of one name one commit is stored, and all who offer it are told so. */
final class RepeatCheck implements Check {
  private record Request(String connection, String request) {}

  /**
   * @param isRepeat whether a commit of this name stood when it was made
   */
  private record Offer(String cid, Entry.Wish.Commit commit, boolean isRepeat) {}

  private final Map<String, Entry.Row> stored = new HashMap<>();
  private final Map<Request, Offer> offers = new HashMap<>();
  private final Map<String, Long> applied = new HashMap<>();
  private final Set<String> first = new HashSet<>();

  @Override
  public void see(Entry entry, Consumer<String> broken) {
    switch (entry) {
      case Entry.Stored(Entry.Row row) when row.cid().isPresent() -> {
        Entry.Row earlier = stored.putIfAbsent(row.cid().get(), row);
        if (earlier != null) {
          broken.accept("%s is stored again: %s".formatted(earlier, row));
        }
      }
      case Entry.Asked(String connection, String request, Entry.Wish.Commit commit)
          when commit.cid().isPresent() -> {
        String cid = commit.cid().get();
        offers.put(
            new Request(connection, request), new Offer(cid, commit, stored.containsKey(cid)));
      }
      case Entry.Answered answered ->
          Optional.ofNullable(offers.get(new Request(answered.connection(), answered.request())))
              .ifPresent(offer -> answer(offer, answered.answer(), broken));
      case Entry other -> {}
    }
  }

  private void answer(Offer offer, Entry.Answer answer, Consumer<String> broken) {
    switch (answer) {
      case Entry.Answer.Applied(long seq, boolean isDuplicate) -> {
        Long before = applied.putIfAbsent(offer.cid(), seq);
        if (before != null && before != seq && isStored(offer)) {
          broken.accept("%s stands at %d and at %d".formatted(offer.cid(), before, seq));
        }
        if (!isDuplicate && !first.add(offer.cid()) && isStored(offer)) {
          broken.accept("%s is applied twice".formatted(offer.cid()));
        }
      }
      case Entry.Answer.Refused(String code, boolean isFinal) when isFinal -> {
        boolean isMismatch = code.equals("CID_MISMATCH");
        if (isSame(offer) && (isMismatch || offer.isRepeat())) {
          broken.accept("%s is refused as %s though it stands".formatted(offer.commit(), code));
        }
        if (isMismatch && !isStored(offer)) {
          broken.accept("%s is refused though nothing has its name".formatted(offer.commit()));
        }
      }
      case Entry.Answer other -> {}
    }
  }

  /** A commit without events has a name, and nothing that could be found again by it. */
  private boolean isStored(Offer offer) {
    return stored.containsKey(offer.cid());
  }

  /** Whether what is stored under the name is what was offered. */
  private boolean isSame(Offer offer) {
    Entry.Row row = stored.get(offer.cid());
    return row != null
        && row.block().equals(offer.commit().block())
        && row.events().equals(offer.commit().events());
  }
}
