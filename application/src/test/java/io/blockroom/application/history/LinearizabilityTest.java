package io.blockroom.application.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.history.Entry.Answer;
import io.blockroom.application.history.Entry.Hold;
import io.blockroom.application.history.Entry.Wish;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Histories of locks that no lock could have, each for one reason, and many that one had. */
class LinearizabilityTest {
  private static final String ADA = "ada";
  private static final String BOB = "bob";
  private static final String CAT = "cat";
  private static final Wish LOCK = new Wish.Lock(List.of("b"));
  private static final Wish RELEASE = new Wish.Release(List.of("b"));
  private static final Wish COMMIT = new Wish.Commit(Optional.empty(), "b", "[1]");
  private static final Answer DONE = new Answer.Done();
  private static final Answer APPLIED = new Answer.Applied(1, false);
  private static final Answer DENIED = new Answer.Refused("LOCKED", true);
  private static final Answer NOT_HELD = new Answer.Refused("LOCK_NOT_HELD", true);
  private static final Answer AWAY = new Answer.Refused("COORDINATION_UNAVAILABLE", false);

  /** A history that cannot be, and why. */
  record Impossible(String what, String reason, List<Entry> history) {
    Impossible {
      history = List.copyOf(history);
    }

    @Override
    public String toString() {
      return what;
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("impossible")
  @DisplayName("H5 I2: a history that no lock can have is rejected for the right reason")
  void a_history_that_no_lock_can_have_is_rejected_for_the_right_reason(Impossible bad) {
    assertThat(wrongs(bad.history())).hasSize(1).first().asString().contains(bad.reason());
  }

  static Stream<Impossible> impossible() {
    return Stream.of(
        bad(
            "two owners at once",
            "Granted[client=bob, token=2], but the block is held by ada under 1",
            lock(ADA, 1),
            lock(BOB, 2)),
        bad(
            "a token falls",
            "Granted[client=bob, token=3], but the block is free after 5",
            lock(ADA, 5),
            release(ADA),
            lock(BOB, 3)),
        bad(
            "a token comes again for another",
            "bob is granted 5, which is another's",
            lock(ADA, 5),
            release(ADA),
            lock(BOB, 5)),
        bad(
            "a token comes again for the same",
            "Granted[client=ada, token=5], but the block is free after 5",
            lock(ADA, 5),
            release(ADA),
            lock(ADA, 5)),
        bad(
            "an older token comes back",
            "Granted[client=ada, token=1], but the block is free after 2",
            lock(ADA, 1),
            release(ADA),
            lock(BOB, 2),
            release(BOB),
            lock(ADA, 1)),
        bad(
            "denied though it is free",
            "Denied[client=bob], but the block is free after 0",
            ask(BOB, LOCK, DENIED)),
        bad(
            "denied though it was released",
            "Denied[client=bob], but the block is free after 1",
            lock(ADA, 1),
            release(ADA),
            ask(BOB, LOCK, DENIED)),
        bad(
            "denied though it was told as released",
            "Denied[client=bob], but the block is free after 1",
            lock(ADA, 1),
            told(CAT, ADA, 1),
            asked(ADA, "r", RELEASE),
            ended(CAT, "released"),
            ask(BOB, LOCK, DENIED)),
        bad(
            "its owner is denied",
            "Denied[client=ada], but the block is held by ada under 1",
            lock(ADA, 1),
            ask(ADA, LOCK, DENIED)),
        bad(
            "denied because of what was asked later",
            "Denied[client=bob], but the block is free after 0",
            ask(BOB, LOCK, DENIED),
            asked(ADA, "1", LOCK)),
        bad(
            "denied because of what was told as expired",
            "Denied[client=bob], but the block is free after 1",
            lock(ADA, 1),
            told(CAT, ADA, 1),
            ended(CAT, "expired"),
            ask(BOB, LOCK, DENIED)),
        bad(
            "somebody else's commit stands",
            "Committed[client=bob], but the block is held by ada under 1",
            lock(ADA, 1),
            ask(BOB, COMMIT, APPLIED)),
        bad(
            "a former owner's commit stands",
            "Committed[client=ada], but the block is held by bob under 2",
            lock(ADA, 1),
            told(CAT, ADA, 1),
            ended(CAT, "node_down"),
            lock(BOB, 2),
            ask(ADA, COMMIT, APPLIED)),
        bad(
            "somebody lets go of another's",
            "Ended[client=bob, token=-1], but the block is held by ada under 1",
            lock(ADA, 1),
            ask(BOB, RELEASE, DONE)),
        bad(
            "somebody lets go twice",
            "Ended[client=ada, token=-1], but the block is free after 1",
            lock(ADA, 1),
            release(ADA),
            release(ADA)),
        bad(
            "its owner is told not to hold it",
            "NotHeld[client=ada], but the block is held by ada under 1",
            lock(ADA, 1),
            ask(ADA, RELEASE, NOT_HELD)),
        bad(
            "nobody asked for it",
            "Hold[owner=cat, token=1] is told as granted, which nobody asked for",
            told(ADA, CAT, 1)),
        bad(
            "its owner did not release it",
            "Hold[owner=ada, token=1] is told as released, which its owner did not ask for",
            lock(ADA, 1),
            told(CAT, ADA, 1),
            ended(CAT, "released")),
        bad(
            "its owner did not commit",
            "Hold[owner=ada, token=1] is told as committed, which its owner did not ask for",
            lock(ADA, 1),
            told(CAT, ADA, 1),
            ended(CAT, "committed")),
        bad(
            "granted again after it expired",
            "Granted[client=ada, token=1], but the block is free after 1",
            lock(ADA, 1),
            told(CAT, ADA, 1),
            ended(CAT, "expired"),
            lock(ADA, 1)),
        bad(
            "one block of a group is another's",
            "Granted[client=bob, token=2], but the block is held by ada under 1",
            lock(ADA, 1),
            ask(
                BOB,
                new Wish.Lock(List.of("b", "c")),
                new Answer.Granted(Map.of("b", 2L, "c", 2L)))),
        bad(
            "a release without answer frees another's",
            "Granted[client=cat, token=2], but the block is held by ada under 1",
            lock(ADA, 1),
            asked(BOB, "r", RELEASE),
            lock(CAT, 2)),
        bad(
            "a request without answer is granted too late",
            "Granted[client=cat, token=3], but the block is held by bob under 2",
            ask(ADA, LOCK, AWAY),
            lock(BOB, 2),
            lock(CAT, 3)),
        bad(
            "a waiter is granted before its turn",
            "Granted[client=bob, token=2], but the block is held by ada under 1",
            lock(ADA, 1),
            lock(BOB, 2),
            release(ADA)),
        bad(
            "handed to one and granted to another",
            "Granted[client=bob, token=3], but the block is held by cat under 2",
            lock(ADA, 1),
            told(CAT, ADA, 1),
            ended(CAT, "handover"),
            told(CAT, CAT, 2),
            lock(BOB, 3)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("possible")
  void a_history_that_a_lock_can_have_is_accepted(Impossible good) {
    assertThat(wrongs(good.history())).isEmpty();
  }

  static Stream<Impossible> possible() {
    return Stream.of(
        bad("one after the other", "", lock(ADA, 1), release(ADA), lock(BOB, 2)),
        bad("again while it is held", "", lock(ADA, 1), lock(ADA, 1), ask(BOB, LOCK, DENIED)),
        bad(
            "a request without answer that was granted",
            "",
            asked(ADA, "1", LOCK),
            ask(BOB, LOCK, DENIED)),
        bad("a request without answer that was not", "", ask(ADA, LOCK, AWAY), lock(BOB, 1)),
        bad(
            "an answer that came late",
            "",
            asked(ADA, "1", LOCK),
            ask(BOB, LOCK, DENIED),
            answered(ADA, "1", granted(1))),
        bad(
            "an end that was told late",
            "",
            lock(ADA, 1),
            told(CAT, ADA, 1),
            lock(BOB, 2),
            ended(CAT, "node_down")),
        bad(
            "a commit in a reservation",
            "",
            asked(ADA, "1", COMMIT),
            ask(BOB, LOCK, DENIED),
            answered(ADA, "1", APPLIED)),
        bad(
            "an owner who lost the connection",
            "",
            lock(ADA, 1),
            List.of(new Entry.Closed(ADA)),
            lock(BOB, 2)),
        bad(
            "handed over",
            "",
            lock(ADA, 1),
            told(CAT, ADA, 1),
            ended(CAT, "handover"),
            told(CAT, CAT, 2),
            ask(BOB, LOCK, DENIED)),
        bad(
            "a new token after lost memory",
            "",
            lock(ADA, 1),
            told(CAT, ADA, 1),
            told(CAT, ADA, 7),
            ask(BOB, LOCK, DENIED)));
  }

  @RepeatedTest(50)
  void what_a_real_lock_did_is_accepted() {
    long seed = new Random().nextLong();
    assertThat(wrongs(new LockModel(seed, 5, 4).play(200))).as("seed " + seed).isEmpty();
  }

  @Test
  void ten_thousand_operations_on_fifty_blocks_are_judged_in_five_seconds() {
    long seed = new Random().nextLong();
    List<Entry> history = new LockModel(seed, 50, 100).play(10_000);
    long began = System.nanoTime();

    assertThat(wrongs(history)).as("seed " + seed).isEmpty();

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
  }

  private static List<String> wrongs(List<Entry> history) {
    List<String> wrongs = new ArrayList<>();
    LinearizabilityCheck check = new LinearizabilityCheck();
    history.forEach(entry -> check.see(entry, wrongs::add));
    check.end(wrongs::add);
    return wrongs;
  }

  // How the short histories are told

  private static int requests;

  @SafeVarargs
  private static Impossible bad(String what, String reason, List<Entry>... parts) {
    List<Entry> history = new ArrayList<>();
    for (String client : List.of(ADA, BOB, CAT)) {
      history.add(new Entry.Opened(client, false));
      history.add(
          new Entry.Shown(
              client, client, true, 0, Optional.empty(), List.of(), Map.of(), Map.of()));
    }
    for (List<Entry> part : parts) {
      history.addAll(part);
    }
    history.add(new Entry.AtRest());
    return new Impossible(what, reason, history);
  }

  private static List<Entry> lock(String client, long token) {
    return ask(client, LOCK, granted(token));
  }

  private static List<Entry> release(String client) {
    return ask(client, RELEASE, DONE);
  }

  private static Answer granted(long token) {
    return new Answer.Granted(Map.of("b", token));
  }

  private static List<Entry> ask(String client, Wish wish, Answer answer) {
    String request = "q" + ++requests;
    return Stream.concat(
            asked(client, request, wish).stream(), answered(client, request, answer).stream())
        .toList();
  }

  private static List<Entry> asked(String client, String request, Wish wish) {
    return List.of(new Entry.Asked(client, request, wish));
  }

  private static List<Entry> answered(String client, String request, Answer answer) {
    return List.of(new Entry.Answered(client, request, answer));
  }

  private static List<Entry> told(String observer, String owner, long token) {
    return List.of(new Entry.LockTold(observer, "b", new Hold(owner, token)));
  }

  private static List<Entry> ended(String observer, String reason) {
    return List.of(new Entry.ReleaseTold(observer, "b", reason));
  }
}
