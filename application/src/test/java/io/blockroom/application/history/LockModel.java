package io.blockroom.application.history;

import io.blockroom.application.history.Entry.Answer;
import io.blockroom.application.history.Entry.Hold;
import io.blockroom.application.history.Entry.Wish;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Locks that do one thing at a time, and clients around them who see it late, out of step with one
 * another, and now and then not at all.
 */
final class LockModel {
  private static final int STEP = 10;
  private static final int LONGEST_WAY = 60;

  private record Timed(long at, Entry entry) {}

  private final Random random;
  private final int blocks;
  private final int clients;
  private final List<Timed> seen = new ArrayList<>();
  private final Map<String, Hold> holds = new HashMap<>();
  private final Map<String, Long> heardUntil = new HashMap<>();
  private long now = 1_000;
  private long token;
  private int requests;

  LockModel(long seed, int blocks, int clients) {
    random = new Random(seed);
    this.blocks = blocks;
    this.clients = clients;
  }

  /** What was seen of so many operations, everything told at the end. */
  List<Entry> play(int operations) {
    for (int i = 0; i < clients; i++) {
      see(0, new Entry.Opened("c" + i, false));
      see(
          0,
          new Entry.Shown(
              "c" + i, "c" + i, true, 0, Optional.empty(), List.of(), Map.of(), Map.of()));
    }
    for (int i = 0; i < operations; i++) {
      now += STEP;
      operate("b" + random.nextInt(blocks), "c" + random.nextInt(clients));
    }
    see(Long.MAX_VALUE, new Entry.AtRest());
    return seen.stream().sorted(Comparator.comparingLong(Timed::at)).map(Timed::entry).toList();
  }

  private void operate(String block, String client) {
    Optional<Hold> hold = Optional.ofNullable(holds.get(block));
    boolean isMine = hold.filter(it -> it.owner().equals(client)).isPresent();
    switch (random.nextInt(10)) {
      case 0, 1, 2, 3 -> {
        if (hold.isEmpty()) {
          holds.put(block, new Hold(client, ++token));
          tell(block, Optional.of(holds.get(block)), "");
        }
        Answer granted = new Answer.Granted(Map.of(block, hold.map(Hold::token).orElse(token)));
        ask(
            client,
            new Wish.Lock(List.of(block)),
            hold.isEmpty() || isMine ? granted : new Answer.Refused("LOCKED", true));
      }
      case 4, 5, 6 -> {
        ask(
            client,
            new Wish.Release(List.of(block)),
            isMine ? new Answer.Done() : new Answer.Refused("LOCK_NOT_HELD", true));
        if (isMine) {
          free(block, "released");
        }
      }
      case 7 -> {
        if (hold.isEmpty() || isMine) {
          ask(
              client,
              new Wish.Commit(Optional.empty(), block, "[1]"),
              new Answer.Applied(1, false));
          if (isMine) {
            free(block, "committed");
          }
        }
      }
      case 8 -> ask(client, new Wish.Lock(List.of(block)), new Answer.Refused("AWAY", false));
      default -> hold.ifPresent(it -> free(block, "expired"));
    }
  }

  private void free(String block, String reason) {
    holds.remove(block);
    tell(block, Optional.empty(), reason);
  }

  /** Everybody hears in order, each with a delay of their own. */
  private void tell(String block, Optional<Hold> hold, String reason) {
    for (int i = 0; i < 3 && i < clients; i++) {
      String observer = "c" + i;
      long at =
          Math.max(
              heardUntil.getOrDefault(observer, 0L) + 1, now + 1 + random.nextInt(LONGEST_WAY));
      heardUntil.put(observer, at);
      see(
          at,
          hold.<Entry>map(it -> new Entry.LockTold(observer, block, it))
              .orElseGet(() -> new Entry.ReleaseTold(observer, block, reason)));
    }
  }

  private void ask(String client, Wish wish, Answer answer) {
    String request = "q" + ++requests;
    see(now - random.nextInt(LONGEST_WAY), new Entry.Asked(client, request, wish));
    if (random.nextInt(30) > 0) {
      see(now + 1 + random.nextInt(LONGEST_WAY), new Entry.Answered(client, request, answer));
    }
  }

  private void see(long at, Entry entry) {
    seen.add(new Timed(at, entry));
  }
}
