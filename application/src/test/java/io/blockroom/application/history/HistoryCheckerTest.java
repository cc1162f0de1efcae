package io.blockroom.application.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.history.Entry.Answer;
import io.blockroom.application.history.Entry.Hold;
import io.blockroom.application.history.Entry.Row;
import io.blockroom.application.history.Entry.Wish;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One good history, and what a single mistake makes of it. */
class HistoryCheckerTest {
  private static final String ADA_1 = "ada's first";
  private static final String ADA_2 = "ada's second";
  private static final String BOB = "bob's";
  private static final Hold ADAS = new Hold("ada", 1);
  private static final Hold BOBS = new Hold("bob", 2);
  private static final Row FIRST = row(1, "ada", "c1", "b1");
  private static final Row SECOND = row(2, "ada", "c2", "b2");
  private static final Row THIRD = new Row(3, "bob", Optional.empty(), "b1", "[3]");

  // The entries of the good history that some mistake is made of

  private static final Entry ADA_ASKS = asked(ADA_1, "1", new Wish.Lock(List.of("b1")));
  private static final Entry GRANT = lockTold(Entry.TRUTH, ADAS);
  private static final Entry GRANT_TO_ADA = lockTold(ADA_1, ADAS);
  private static final Entry ADA_IS_ANSWERED =
      answered(ADA_1, "1", new Answer.Granted(Map.of("b1", 1L)));
  private static final Entry ADA_COMMITS = asked(ADA_1, "2", offer(FIRST));
  private static final Entry FIRST_IS_ADMITTED = new Entry.Admitted("ada", Map.of("b1", 1L));
  private static final Entry FIRST_IS_STORED = new Entry.Stored(FIRST);
  private static final Entry FIRST_IS_TOLD_TO_BOB = new Entry.CommitTold(BOB, FIRST);
  private static final Entry FIRST_IS_ACKED = answered(ADA_1, "2", new Answer.Applied(1, false));
  private static final Entry FIRST_IS_ACKED_AGAIN =
      answered(ADA_1, "3", new Answer.Applied(1, true));
  private static final Entry SECOND_IS_STORED = new Entry.Stored(SECOND);
  private static final Entry SECOND_IS_TOLD_TO_BOB = new Entry.CommitTold(BOB, SECOND);
  private static final Entry ADA_BREAKS_OFF = new Entry.Closed(ADA_1);
  private static final Entry ADAS_LOCK_ENDS = new Entry.ReleaseTold(BOB, "b1", "disconnected");
  private static final Entry ADA_IS_BARRED = new Entry.Barred(Map.of("b1", 1L));
  private static final Entry NEXT_GRANT = lockTold(Entry.TRUTH, BOBS);
  private static final Entry NEXT_GRANT_TO_BOB = lockTold(BOB, BOBS);
  private static final Entry THIRD_IS_ADMITTED = new Entry.Admitted("bob", Map.of("b1", 2L));
  private static final Entry THIRD_IS_STORED = new Entry.Stored(THIRD);
  private static final Entry THIRD_IS_TOLD_TO_BOB = new Entry.CommitTold(BOB, THIRD);
  private static final Entry THIRD_IS_ACKED = answered(BOB, "2", new Answer.Applied(3, false));
  private static final Entry ADA_IS_BACK = resumed(3, List.of(SECOND, THIRD), Map.of("c2", 2L));
  private static final Entry REST = new Entry.AtRest();

  private static final List<Entry> GOOD =
      List.of(
          new Entry.FloorRaised(1),
          new Entry.Opened(ADA_1, false),
          shown(ADA_1, "ada", 0, List.of(), Map.of()),
          new Entry.Opened(BOB, true),
          shown(BOB, "bob", 0, List.of(), Map.of()),
          // Ada locks a block, edits it twice, keeps it, and repeats what she was told.
          ADA_ASKS,
          GRANT,
          GRANT_TO_ADA,
          lockTold(BOB, ADAS),
          ADA_IS_ANSWERED,
          ADA_COMMITS,
          FIRST_IS_ADMITTED,
          FIRST_IS_STORED,
          new Entry.CommitTold(ADA_1, FIRST),
          FIRST_IS_TOLD_TO_BOB,
          FIRST_IS_ACKED,
          asked(ADA_1, "3", offer(FIRST)),
          FIRST_IS_ACKED_AGAIN,
          // Her connection breaks before she hears of her second commit.
          asked(ADA_1, "4", offer(SECOND)),
          new Entry.Admitted("ada", Map.of("b2", 1L)),
          SECOND_IS_STORED,
          SECOND_IS_TOLD_TO_BOB,
          ADA_BREAKS_OFF,
          // Her lease ends, and Bob takes the block and edits it.
          new Entry.ReleaseTold(Entry.TRUTH, "b1", "disconnected"),
          ADAS_LOCK_ENDS,
          asked(BOB, "1", new Wish.Lock(List.of("b1"))),
          ADA_IS_BARRED,
          NEXT_GRANT,
          NEXT_GRANT_TO_BOB,
          answered(BOB, "1", new Answer.Granted(Map.of("b1", 2L))),
          asked(BOB, "2", offer(THIRD)),
          THIRD_IS_ADMITTED,
          THIRD_IS_STORED,
          THIRD_IS_TOLD_TO_BOB,
          THIRD_IS_ACKED,
          // She comes back.
          new Entry.Opened(ADA_2, false),
          new Entry.Resuming(ADA_2, 1, Set.of("c2")),
          ADA_IS_BACK,
          REST);

  @Test
  void the_good_history_is_accepted() {
    assertThat(HistoryChecker.check(GOOD)).isEmpty();
  }

  @Test
  void the_beginning_of_a_good_history_is_good() {
    for (int i = 0; i < GOOD.size(); i++) {
      assertThat(HistoryChecker.check(GOOD.subList(0, i))).as("first " + i).isEmpty();
    }
  }

  @Test
  void a_refusal_that_may_be_repeated_may_be_followed_by_success() {
    assertThat(
            check(in ->
                before(in, ADA_COMMITS, asked(ADA_1, "r", offer(FIRST)), refused("r", false))))
        .isEmpty();
  }

  @Test
  void a_repeat_with_another_body_may_be_refused() {
    Wish other = new Wish.Commit(Optional.of("c1"), "b1", "[other]");
    assertThat(
            check(in ->
                behind(
                    in,
                    FIRST_IS_ACKED,
                    asked(ADA_1, "r", other),
                    answered(ADA_1, "r", new Answer.Refused("CID_MISMATCH", true)))))
        .isEmpty();
  }

  @Test
  void who_reads_xml_only_may_be_told_their_own_commit_behind_a_state_that_has_it() {
    assertThat(
            check(in ->
                without(
                    before(
                        in,
                        THIRD_IS_TOLD_TO_BOB,
                        shown(BOB, "bob", 3, List.of(), Map.of("b1", BOBS))),
                    REST)))
        .isEmpty();
  }

  @Test
  void who_asks_for_what_they_hold_is_told_of_it_again() {
    assertThat(check(in -> behind(in, GRANT_TO_ADA, GRANT_TO_ADA))).isEmpty();
  }

  @Test
  void a_broken_connection_needs_no_answer() {
    assertThat(check(in -> before(in, ADA_BREAKS_OFF, asked(ADA_1, "last", offer(THIRD)))))
        .isEmpty();
  }

  @Test
  void a_record_of_what_clients_saw_can_be_judged_without_one_of_the_coordination() {
    assertThat(check(in -> without(without(in, GRANT), NEXT_GRANT))).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badHistories")
  @DisplayName("H5: a history with a mistake in it is rejected for that mistake")
  void a_history_with_a_mistake_in_it_is_rejected_for_that_mistake(Mistake mistake) {
    List<Violation> violations = check(mistake.change());

    assertThat(violations.stream().map(Violation::invariant).collect(Collectors.toSet()))
        .as("%s", violations)
        .isEqualTo(mistake.breaks());
  }

  @Test
  void a_violation_says_what_happened() {
    assertThat(check(in -> without(in, THIRD_IS_ACKED)))
        .containsExactly(new Violation("I7", "Request[connection=bob's, request=2] has no answer"));
  }

  /** A single mistake, and the invariants that it breaks. */
  record Mistake(String what, Set<String> breaks, UnaryOperator<List<Entry>> change) {
    @Override
    public String toString() {
      return what;
    }
  }

  static Stream<Mistake> badHistories() {
    return Stream.of(
        // I1
        mistake(
            "a barred grant commits",
            Set.of("I1"),
            in -> behind(in, ADA_IS_BARRED, FIRST_IS_ADMITTED)),
        mistake(
            "an older grant commits after a newer one",
            Set.of("I1"),
            in -> behind(without(in, ADA_IS_BARRED), THIRD_IS_ADMITTED, FIRST_IS_ADMITTED)),
        mistake(
            "a former owner commits after the next was announced",
            Set.of("I1"),
            in -> behind(without(in, ADA_IS_BARRED), NEXT_GRANT, FIRST_IS_ADMITTED)),
        mistake(
            "somebody commits under the grant of another",
            Set.of("I1"),
            in -> behind(in, FIRST_IS_ADMITTED, new Entry.Admitted("bob", Map.of("b1", 1L)))),
        mistake(
            "a grant from before the coordination lost its memory commits",
            Set.of("I1"),
            in -> before(in, FIRST_IS_ADMITTED, new Entry.FloorRaised(2))),
        mistake(
            "tokens are handed out again",
            Set.of("I1"),
            in -> before(in, REST, new Entry.FloorRaised(1))),
        // I2
        mistake(
            "an owner is replaced without a release",
            Set.of("I2"),
            in -> without(in, ADAS_LOCK_ENDS)),
        mistake(
            "somebody is told grants in another order",
            Set.of("I2"),
            in -> behind(in, NEXT_GRANT_TO_BOB, lockTold(BOB, ADAS))),
        mistake(
            "somebody is told twice of a grant to another",
            Set.of("I2"),
            in -> before(in, ADA_IS_ANSWERED, lockTold(BOB, ADAS))),
        mistake(
            "two owners have one token",
            Set.of("I2"),
            in -> instead(in, GRANT_TO_ADA, lockTold(ADA_1, new Hold("bob", 1)))),
        mistake(
            "somebody is told of a grant that never was",
            Set.of("I2"),
            in -> before(in, ADA_BREAKS_OFF, lockTold(ADA_1, "b9", new Hold("cat", 9)))),
        mistake(
            "the next grant has no higher token",
            Set.of("I2"),
            in ->
                before(
                    in,
                    GRANT,
                    lockTold(Entry.TRUTH, new Hold("cat", 5)),
                    new Entry.ReleaseTold(Entry.TRUTH, "b1", "released"))),
        mistake(
            "somebody does not hear of a release for good",
            Set.of("I2"),
            in -> before(in, REST, new Entry.ReleaseTold(Entry.TRUTH, "b1", "released"))),
        mistake(
            "somebody does not hear of a grant for good",
            Set.of("I2"),
            in -> without(in, NEXT_GRANT_TO_BOB)),
        // I3
        mistake(
            "a commit is acknowledged and not stored",
            Set.of("I3", "I5"),
            in -> without(in, THIRD_IS_STORED)),
        mistake(
            "a commit is told before it is stored",
            Set.of("I3"),
            in -> before(without(in, FIRST_IS_TOLD_TO_BOB), FIRST_IS_STORED, FIRST_IS_TOLD_TO_BOB)),
        mistake(
            "a commit is acknowledged before it is stored",
            Set.of("I3"),
            in -> before(without(in, FIRST_IS_ACKED), FIRST_IS_STORED, FIRST_IS_ACKED)),
        mistake(
            "a number is left out",
            Set.of("I3"),
            in ->
                instead(
                    in,
                    THIRD_IS_STORED,
                    new Entry.Stored(new Row(4, "bob", Optional.empty(), "b1", "[3]")))),
        mistake(
            "a number is given twice",
            Set.of("I3", "I5"),
            in -> behind(in, THIRD_IS_STORED, new Entry.Stored(row(3, "cat", "c9", "b9")))),
        mistake(
            "a commit is told as of another author",
            Set.of("I3"),
            in ->
                instead(
                    in,
                    FIRST_IS_TOLD_TO_BOB,
                    new Entry.CommitTold(BOB, row(1, "bob", "c1", "b1")))),
        mistake(
            "a commit is told with other events",
            Set.of("I3"),
            in ->
                instead(
                    in,
                    FIRST_IS_TOLD_TO_BOB,
                    new Entry.CommitTold(BOB, new Row(1, "ada", Optional.of("c1"), "b1", "[]x")))),
        mistake(
            "a commit is acknowledged with another's number",
            Set.of("I3"),
            in -> instead(in, THIRD_IS_ACKED, answered(BOB, "2", new Answer.Applied(2, false)))),
        mistake(
            "a pending commit is acknowledged with another's number",
            Set.of("I3"),
            in -> instead(in, ADA_IS_BACK, resumed(3, List.of(SECOND, THIRD), Map.of("c2", 3L)))),
        // I4
        mistake(
            "a commit is stored twice under its name",
            Set.of("I4", "I5"),
            in -> before(in, REST, new Entry.Stored(row(4, "ada", "c1", "b1")))),
        mistake(
            "a repeat is told another number",
            Set.of("I3", "I4"),
            in ->
                instead(
                    in, FIRST_IS_ACKED_AGAIN, answered(ADA_1, "3", new Answer.Applied(2, true)))),
        mistake(
            "a repeat is told that it is the first",
            Set.of("I4"),
            in ->
                instead(
                    in, FIRST_IS_ACKED_AGAIN, answered(ADA_1, "3", new Answer.Applied(1, false)))),
        mistake(
            "a repeat of what stands is refused",
            Set.of("I4"),
            in -> instead(in, FIRST_IS_ACKED_AGAIN, refused("3", true))),
        mistake(
            "a repeat of what stands and was never acknowledged is refused",
            Set.of("I4"),
            in ->
                before(
                    in,
                    REST,
                    asked(ADA_2, "r", offer(SECOND)),
                    answered(ADA_2, "r", new Answer.Refused("LOCKED", true)))),
        mistake(
            "a first offer is called another commit",
            Set.of("I4"),
            in ->
                before(
                    in,
                    ADA_COMMITS,
                    asked(ADA_1, "r", offer(FIRST)),
                    answered(ADA_1, "r", new Answer.Refused("CID_MISMATCH", true)))),
        mistake(
            "a repeat with the same body is called another commit",
            Set.of("I4"),
            in ->
                instead(
                    in,
                    FIRST_IS_ACKED_AGAIN,
                    answered(ADA_1, "3", new Answer.Refused("CID_MISMATCH", true)))),
        // I5
        mistake("a commit is left out", Set.of("I5"), in -> without(in, SECOND_IS_TOLD_TO_BOB)),
        mistake(
            "a commit is told twice",
            Set.of("I5"),
            in -> behind(in, FIRST_IS_TOLD_TO_BOB, FIRST_IS_TOLD_TO_BOB)),
        mistake(
            "commits are told in another order",
            Set.of("I5"),
            in ->
                behind(
                    without(in, SECOND_IS_TOLD_TO_BOB),
                    THIRD_IS_TOLD_TO_BOB,
                    SECOND_IS_TOLD_TO_BOB)),
        mistake(
            "a commit is told before any state",
            Set.of("I5"),
            in -> before(in, ADA_IS_BACK, new Entry.CommitTold(ADA_2, THIRD))),
        mistake(
            "what was missed is shown with a gap",
            Set.of("I5"),
            in -> instead(in, ADA_IS_BACK, resumed(3, List.of(THIRD), Map.of("c2", 2L)))),
        mistake(
            "a state goes back",
            Set.of("I5"),
            in -> before(in, REST, shown(BOB, "bob", 2, List.of(), Map.of("b1", BOBS)))),
        mistake(
            "a snapshot hides a commit",
            Set.of("I5"),
            in ->
                before(
                    in,
                    REST,
                    new Entry.Shown(
                        BOB,
                        "bob",
                        true,
                        3,
                        Optional.of(List.of("[1]", "[3]")),
                        List.of(),
                        Map.of("b1", BOBS),
                        Map.of()))),
        mistake(
            "somebody never hears of the last commit",
            Set.of("I5"),
            in -> without(in, THIRD_IS_TOLD_TO_BOB)),
        mistake(
            "a pending commit that stands is not acknowledged",
            Set.of("I5"),
            in -> instead(in, ADA_IS_BACK, resumed(3, List.of(SECOND, THIRD), Map.of()))),
        // I7
        mistake("a request has no answer", Set.of("I7"), in -> without(in, THIRD_IS_ACKED)),
        mistake(
            "a request has two answers",
            Set.of("I7"),
            in -> behind(in, ADA_IS_ANSWERED, ADA_IS_ANSWERED)),
        mistake("what nobody asked is answered", Set.of("I7"), in -> without(in, ADA_ASKS)));
  }

  private static Mistake mistake(
      String what, Set<String> breaks, UnaryOperator<List<Entry>> change) {
    return new Mistake(what, breaks, change);
  }

  private static List<Violation> check(UnaryOperator<List<Entry>> change) {
    return HistoryChecker.check(change.apply(GOOD));
  }

  private static List<Entry> without(List<Entry> history, Entry... left) {
    List<Entry> changed = new ArrayList<>(history);
    for (Entry each : left) {
      assertThat(changed.remove(each)).isTrue();
    }
    return changed;
  }

  private static List<Entry> instead(List<Entry> history, Entry one, Entry other) {
    return without(behind(history, one, other), one);
  }

  private static List<Entry> behind(List<Entry> history, Entry place, Entry... more) {
    return insert(history, history.indexOf(place) + 1, more);
  }

  private static List<Entry> before(List<Entry> history, Entry place, Entry... more) {
    return insert(history, history.indexOf(place), more);
  }

  private static List<Entry> insert(List<Entry> history, int index, Entry... more) {
    List<Entry> changed = new ArrayList<>(history);
    changed.addAll(index, List.of(more));
    return changed;
  }

  private static Row row(long seq, String by, String cid, String block) {
    return new Row(seq, by, Optional.of(cid), block, "[" + seq + "]");
  }

  private static Wish offer(Row row) {
    return new Wish.Commit(row.cid(), row.block(), row.events());
  }

  private static Entry asked(String connection, String request, Wish wish) {
    return new Entry.Asked(connection, request, wish);
  }

  private static Entry answered(String connection, String request, Answer answer) {
    return new Entry.Answered(connection, request, answer);
  }

  private static Entry refused(String request, boolean isFinal) {
    return answered(ADA_1, request, new Answer.Refused("FENCED", isFinal));
  }

  private static Entry lockTold(String observer, Hold hold) {
    return lockTold(observer, "b1", hold);
  }

  private static Entry lockTold(String observer, String block, Hold hold) {
    return new Entry.LockTold(observer, block, hold);
  }

  private static Entry shown(
      String connection, String client, long seq, List<Row> tail, Map<String, Hold> locks) {
    return new Entry.Shown(connection, client, true, seq, Optional.empty(), tail, locks, Map.of());
  }

  private static Entry resumed(long seq, List<Row> tail, Map<String, Long> acked) {
    return new Entry.Shown(
        ADA_2, "ada again", false, seq, Optional.empty(), tail, Map.of("b1", BOBS), acked);
  }
}
