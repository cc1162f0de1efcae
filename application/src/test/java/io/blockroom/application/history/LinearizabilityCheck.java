package io.blockroom.application.history;

import io.blockroom.application.history.Entry.Answer;
import io.blockroom.application.history.Entry.Hold;
import io.blockroom.application.history.Entry.Wish;
import io.blockroom.application.history.LockOperation.State;
import io.blockroom.application.history.LockOperation.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * I2: what clients asked of the lock of a block and were told of it could have been done one after
 * the other, by a lock that has one owner or none and whose tokens rise. Requests without an answer
 * may have been done or not; a grant ends because its owner wished so, or somebody was told why.
 */
final class LinearizabilityCheck implements Check {
  private static final Set<String> BY_WISH = Set.of("released", "committed");
  private static final Set<String> GIVEN = Set.of("handover", "renewed");

  private record Request(String connection, String request) {}

  /** A request, and what became of it. */
  private static final class Ask {
    final String client;
    final Wish wish;
    final int at;
    int answeredAt = LockOperation.OPEN;
    @Nullable Answer answer;

    Ask(String client, Wish wish, int at) {
      this.client = client;
      this.wish = wish;
      this.at = at;
    }

    /** Nothing was heard that says whether it was done. */
    boolean isOpen() {
      return answer == null || (answer instanceof Answer.Refused refused && !refused.isFinal());
    }

    boolean isForBlocks() {
      return wish instanceof Wish.Lock || wish instanceof Wish.Queue;
    }

    boolean isRefusedAs(String code) {
      return answer instanceof Answer.Refused refused && refused.code().equals(code);
    }
  }

  /** A grant of a block, as far as anybody was told of it. */
  private static final class Grant {
    final Hold hold;
    final int toldAt;
    int invoked = LockOperation.OPEN;
    int endedAt = LockOperation.OPEN;
    String reason = "";

    Grant(Hold hold, int toldAt) {
      this.hold = hold;
      this.toldAt = toldAt;
    }

    boolean isEndTold() {
      return endedAt != LockOperation.OPEN;
    }
  }

  private final Map<String, String> clients = new HashMap<>();
  private final Map<Request, Ask> asks = new LinkedHashMap<>();
  private final List<Ask> commits = new ArrayList<>();
  private final Map<String, Map<Long, Grant>> grants = new HashMap<>();
  private final Map<String, Map<String, Hold>> views = new HashMap<>();
  private final Map<String, Integer> unsettled = new HashMap<>();
  private boolean isAtRest;
  private int now;

  @Override
  public void see(Entry entry, Consumer<String> broken) {
    now++;
    switch (entry) {
      case Entry.Shown shown -> show(shown);
      case Entry.Closed(String connection) -> {
        views.remove(connection);
        unsettle(connection);
      }
      case Entry.LockTold(String observer, String block, Hold hold) -> tell(observer, block, hold);
      case Entry.ReleaseTold(String observer, String block, String reason) ->
          Optional.ofNullable(view(observer).remove(block))
              .ifPresent(hold -> end(block, hold, reason));
      case Entry.Asked(String connection, String request, Wish wish) ->
          asks.put(
              new Request(connection, request),
              new Ask(clients.getOrDefault(connection, connection), wish, now));
      case Entry.Answered(String connection, String request, Answer answer) ->
          Optional.ofNullable(asks.get(new Request(connection, request)))
              .ifPresent(ask -> answer(ask, answer));
      case Entry.AtRest() -> isAtRest = true;
      case Entry other -> {}
    }
  }

  private void show(Entry.Shown shown) {
    clients.put(shown.connection(), shown.client());
    unsettle(shown.connection());
    shown.locks().forEach(this::note);
    views.put(shown.connection(), new HashMap<>(shown.locks()));
  }

  private void unsettle(String connection) {
    unsettled.put(clients.getOrDefault(connection, connection), now);
  }

  private void tell(String observer, String block, Hold hold) {
    note(block, hold);
    Hold before = view(observer).put(block, hold);
    if (before != null && before.owner().equals(hold.owner()) && before.token() < hold.token()) {
      end(block, before, "renewed");
    }
  }

  private void answer(Ask ask, Answer answer) {
    ask.answer = answer;
    ask.answeredAt = now;
    if (answer instanceof Answer.Granted granted) {
      granted.tokens().forEach((block, token) -> note(block, new Hold(ask.client, token)));
    }
  }

  private Map<String, Hold> view(String observer) {
    return views.computeIfAbsent(observer, unknown -> new HashMap<>());
  }

  private Grant note(String block, Hold hold) {
    return grants
        .computeIfAbsent(block, unknown -> new LinkedHashMap<>())
        .computeIfAbsent(hold.token(), unknown -> new Grant(hold, now));
  }

  private void end(String block, Hold hold, String reason) {
    Grant grant = note(block, hold);
    if (!grant.isEndTold()) {
      grant.endedAt = now;
      grant.reason = reason.toLowerCase(Locale.ROOT);
    }
  }

  @Override
  public void end(Consumer<String> broken) {
    Map<String, List<Ask>> byBlock = new LinkedHashMap<>();
    for (Ask ask : asks.values()) {
      if (ask.wish instanceof Wish.Commit) {
        commits.add(ask);
      }
      for (String block : blocks(ask.wish)) {
        byBlock.computeIfAbsent(block, unknown -> new ArrayList<>()).add(ask);
      }
    }
    Set<String> blocks = new LinkedHashSet<>(byBlock.keySet());
    blocks.addAll(grants.keySet());
    for (String block : blocks) {
      Operations operations =
          new Operations(
              block,
              byBlock.getOrDefault(block, List.of()),
              grants.getOrDefault(block, Map.of()),
              what -> broken.accept(block + ": " + what));
      Linearization.whyNot(operations.all())
          .ifPresent(why -> broken.accept(block + " is not linearizable: " + why));
    }
  }

  private static List<String> blocks(Wish wish) {
    return switch (wish) {
      case Wish.Lock(List<String> blocks) -> blocks;
      case Wish.Queue(List<String> blocks) -> blocks;
      case Wish.Cancel(String block) -> List.of(block);
      case Wish.HandOver(String block, String to) -> List.of(block);
      case Wish.Release(List<String> blocks) -> blocks;
      case Wish.Commit commit -> List.of(commit.block());
    };
  }

  /** What was done to one block, as far as it can be told. */
  private final class Operations {
    private final String block;
    private final List<Ask> asks;
    private final Map<Long, Grant> grants;
    private final Consumer<String> broken;
    private final List<LockOperation> operations = new ArrayList<>();
    private List<Ask> perhapsGranted = List.of();

    Operations(String block, List<Ask> asks, Map<Long, Grant> grants, Consumer<String> broken) {
      this.block = block;
      this.asks = asks;
      this.grants = grants;
      this.broken = broken;
    }

    List<LockOperation> all() {
      List<Ask> open = new ArrayList<>();
      for (Ask ask : asks) {
        if (ask.isForBlocks()) {
          if (ask.answer instanceof Answer.Granted granted) {
            granted(ask, granted.tokens().getOrDefault(block, 0L));
          } else if (ask.isOpen()) {
            open.add(ask);
          }
        }
      }
      grants.values().forEach(grant -> explain(grant, open));
      perhapsGranted = open;
      grants.values().forEach(this::end);
      asks.forEach(this::other);
      return operations;
    }

    private void granted(Ask ask, long token) {
      Grant grant = grants.get(token);
      if (grant == null || !grant.hold.owner().equals(ask.client)) {
        broken.accept("%s is granted %d, which is another's".formatted(ask.client, token));
        return;
      }
      boolean isFirst = ask.at < grant.toldAt && grant.invoked == LockOperation.OPEN;
      if (isFirst) {
        grant.invoked = ask.at;
      }
      int returned = isFirst ? grant.toldAt : ask.answeredAt;
      certain(new Step.Granted(ask.client, token), ask.at, returned);
    }

    /** Somebody must have asked for what was granted, or been given it. */
    private void explain(Grant grant, List<Ask> open) {
      if (grant.invoked != LockOperation.OPEN) {
        return;
      }
      Optional<Ask> asked =
          open.stream()
              .filter(ask -> ask.client.equals(grant.hold.owner()) && ask.at < grant.toldAt)
              .findFirst();
      asked.ifPresent(open::remove);
      Optional<Grant> giver =
          grants.values().stream()
              .filter(former -> GIVEN.contains(former.reason))
              .filter(former -> former.hold.token() < grant.hold.token())
              .max(Comparator.comparingLong(former -> former.hold.token()));
      if (asked.isEmpty() && giver.isEmpty()) {
        broken.accept("%s is told as granted, which nobody asked for".formatted(grant.hold));
      }
      grant.invoked =
          asked.map(ask -> ask.at).or(() -> giver.map(former -> former.invoked)).orElse(0);
      certain(
          new Step.Granted(grant.hold.owner(), grant.hold.token()), grant.invoked, grant.toldAt);
    }

    private void end(Grant grant) {
      Step ended = new Step.Ended(grant.hold.owner(), grant.hold.token());
      if (BY_WISH.contains(grant.reason)) {
        endByWish(grant, ended);
      } else if (grant.isEndTold()) {
        certain(ended, grant.invoked, grant.endedAt);
      } else if (mayEndUntold(grant)) {
        operations.add(LockOperation.open(ended, grant.invoked));
      }
    }

    private boolean mayEndUntold(Grant grant) {
      return !isAtRest
          || unsettled.getOrDefault(grant.hold.owner(), 0) > grant.invoked
          || Stream.concat(asks.stream(), commits.stream())
              .filter(ask -> !ask.isForBlocks() && ask.isOpen())
              .anyMatch(ask -> ask.client.equals(grant.hold.owner()));
    }

    private void endByWish(Grant grant, Step ended) {
      // A commit may let go of blocks that it does not touch, and do so after its answer.
      List<Ask> wished =
          (grant.reason.equals("released") ? asks : commits)
              .stream()
                  .filter(
                      ask -> ask.wish instanceof Wish.Release || ask.wish instanceof Wish.Commit)
                  .filter(ask -> ask.client.equals(grant.hold.owner()))
                  .filter(ask -> ask.at < grant.endedAt)
                  .filter(ask -> ask.wish instanceof Wish.Commit || ask.answeredAt > grant.invoked)
                  .filter(ask -> ask.isOpen() || !(ask.answer instanceof Answer.Refused))
                  .toList();
      if (wished.isEmpty()) {
        broken.accept(
            "%s is told as %s, which its owner did not ask for"
                .formatted(grant.hold, grant.reason));
        return;
      }
      boolean isDone = wished.size() == 1 && wished.getFirst().wish instanceof Wish.Release;
      int returned = isDone ? wished.getFirst().answeredAt : LockOperation.OPEN;
      certain(
          ended, Math.max(wished.getFirst().at, grant.invoked), Math.min(returned, grant.endedAt));
    }

    private void other(Ask ask) {
      switch (ask.wish) {
        case Wish.Lock lock -> {
          if (ask.isRefusedAs("LOCKED") && lock.blocks().size() == 1) {
            denied(ask);
          }
        }
        // Whose turn it is not yet has nothing; what is handed over is told as an end and a grant.
        case Wish.Queue queue -> {}
        case Wish.Cancel cancel -> {}
        case Wish.HandOver handOver -> {}
        case Wish.Release release -> {
          if (ask.answer instanceof Answer.Done) {
            released(ask);
          } else if (ask.isRefusedAs("LOCK_NOT_HELD") && release.blocks().size() == 1) {
            certain(new Step.NotHeld(ask.client), ask.at, ask.answeredAt);
          }
        }
        case Wish.Commit commit -> {
          if (ask.answer instanceof Answer.Applied applied && !applied.isDuplicate()) {
            certain(new Step.Committed(ask.client), ask.at, ask.answeredAt);
          }
        }
      }
    }

    /**
     * Who has it need not have been told: a commit reserves all the blocks that it touches, and
     * keeps them for a while if its end cannot be announced.
     */
    private void denied(Ask ask) {
      boolean mayBeHeldUntold =
          Stream.concat(commits.stream(), perhapsGranted.stream())
              .filter(other -> !other.client.equals(ask.client) && other.at < ask.answeredAt)
              .anyMatch(other ->
                  other.isOpen()
                      || (other.answer instanceof Answer.Applied
                          && !isTakenBetween(other.answeredAt, ask.at)));
      if (!mayBeHeldUntold) {
        certain(new Step.Denied(ask.client), ask.at, ask.answeredAt);
      }
    }

    private boolean isTakenBetween(int from, int to) {
      return asks.stream()
          .filter(ask -> ask.at > from && ask.answeredAt < to)
          .anyMatch(
              ask -> ask.answer instanceof Answer.Granted || ask.answer instanceof Answer.Applied);
    }

    /** Mostly it is the end that was told; what was never told may end untold. */
    private void released(Ask ask) {
      boolean isTold =
          perhapsGranted.stream().anyMatch(open -> open.client.equals(ask.client))
              || grants.values().stream()
                  .anyMatch(grant ->
                      grant.hold.owner().equals(ask.client)
                          && grant.reason.equals("released")
                          && grant.endedAt > ask.at
                          && grant.invoked < ask.answeredAt);
      if (!isTold) {
        certain(new Step.Ended(ask.client, State.UNKNOWN), ask.at, ask.answeredAt);
      }
    }

    private void certain(Step step, int invoked, int returned) {
      operations.add(new LockOperation(step, invoked, returned, true));
    }
  }
}
