package io.blockroom.application.port.out;

import static io.blockroom.application.port.out.StorageContract.numbers;
import static io.blockroom.application.port.out.StorageContract.seq;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.port.out.CommitLog.AppendOutcome;
import io.blockroom.application.port.out.CommitLog.AppendOutcome.Appended;
import io.blockroom.application.port.out.CommitLog.AppendOutcome.Duplicate;
import io.blockroom.application.port.out.CommitLog.AppendOutcome.Fenced;
import io.blockroom.application.port.out.CommitLog.AppendOutcome.Frozen;
import io.blockroom.application.port.out.CommitLog.AppendOutcome.Mismatch;
import io.blockroom.application.port.out.CommitLog.AppendOutcome.NoSuchRoom;
import io.blockroom.application.port.out.CommitLog.AppendOutcome.NotHeld;
import io.blockroom.application.port.out.CommitLog.Excerpt;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.EditEvents;
import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.lock.LockPolicy;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link CommitLog} keeps to. */
public interface CommitLogContract extends StorageContract {
  @BeforeEach
  default void begin() {
    openRooms();
  }

  @Test
  default void commits_are_numbered_from_one_in_the_order_given() {
    List<AppendOutcome> first = append(Edit.of(INTRO), Edit.of(LOOP), Edit.of(INTRO));
    List<AppendOutcome> second = append(Edit.of(LOOP));

    assertThat(first).extracting(StorageContract::seq).isEqualTo(numbers(1, 3));
    assertThat(second).extracting(StorageContract::seq).isEqualTo(numbers(4, 4));
    assertThat(log()).extracting(LoggedCommit::block).containsExactly(INTRO, LOOP, INTRO, LOOP);
  }

  @Test
  default void each_room_counts_its_own_commits() {
    append(Edit.of(INTRO), Edit.of(INTRO));

    assertThat(offer(MUSIC, Edit.of(INTRO))).extracting(StorageContract::seq).containsOnly(seq(1));
    assertThat(append(Edit.of(INTRO))).extracting(StorageContract::seq).containsOnly(seq(3));
  }

  @Test
  default void nothing_offered_is_nothing_done() {
    assertThat(append()).isEmpty();
    assertThat(log()).isEmpty();
  }

  @Test
  default void a_commit_without_events_gets_the_current_number_and_leaves_no_entry() {
    List<AppendOutcome> outcomes =
        append(
            Edit.none(INTRO),
            Edit.of(INTRO),
            Edit.none(INTRO).showing("<xml/>").named("c1"),
            Edit.of(INTRO));

    assertThat(outcomes)
        .extracting(StorageContract::seq)
        .containsExactly(seq(0), seq(1), seq(1), seq(2));
    assertThat(log()).extracting(LoggedCommit::seq).isEqualTo(numbers(1, 2));
    assertThat(storage().log().find(MAZE, Set.of(new CommitId("c1")))).isEmpty();
  }

  @Test
  default void the_log_has_a_commit_as_it_was_offered() {
    String events =
        "[{\"s\":\"'; DROP TABLE rooms; -- \\\\ \\\"$1\\\" :seq ? \\u0000 한글 👩‍🏫 é\"}]";
    BlockId block = new BlockId("!#$%()*+,-./:;=?@[]^_`{|}~'\"\\👩‍🏫");
    Edit edit = Edit.of(block).by(BOB).saying(events).named("{a:b}*?[]\\한글");

    List<AppendOutcome> outcomes = append(edit, edit.saying("[ 1 ]").named("x".repeat(128)));

    assertThat(log())
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("at")
        .containsExactly(
            new LoggedCommit(seq(1), BOB, block, events, MORNING, edit.id()),
            new LoggedCommit(
                seq(2), BOB, block, "[ 1 ]", MORNING, Optional.of(new CommitId("x".repeat(128)))));
    assertThat(log())
        .extracting(LoggedCommit::at)
        .isEqualTo(outcomes.stream().map(outcome -> ((Appended) outcome).at()).toList());
  }

  @Test
  default void the_moment_of_a_commit_is_one_of_whole_microseconds() {
    append(Edit.of(INTRO));

    assertThat(log().getFirst().at())
        .isEqualTo(log().getFirst().at().truncatedTo(ChronoUnit.MICROS));
  }

  @Test
  default void the_events_of_a_commit_may_be_as_long_as_a_message() {
    String events = "[\"" + "한".repeat(1024 * 1024 - 4) + "\"]";

    append(Edit.of(INTRO).saying(events));

    assertThat(log()).extracting(LoggedCommit::events).containsExactly(events);
  }

  @Test
  default void a_commit_may_touch_thousands_of_blocks() {
    Set<BlockId> blocks =
        IntStream.range(0, 5_000)
            .mapToObj(n -> new BlockId("block:" + n))
            .collect(Collectors.toSet());
    Edit edit = Edit.of(INTRO).with(EditEvents.of("[1]", blocks));
    append(edit.under(2));

    assertThat(append(edit.by(BOB).under(1)).getFirst())
        .isInstanceOfSatisfying(Fenced.class, fenced -> assertThat(fenced.blocks()).hasSize(5_001));
  }

  /** G2, I3. */
  @Test
  default void many_callers_get_the_numbers_without_gap_or_repeat() {
    List<List<SequenceNumber>> perCaller =
        AtOnce.call(
            32,
            n ->
                IntStream.range(0, 8)
                    .mapToObj(i -> seq(append(Edit.of(new BlockId("b" + n))).getFirst()))
                    .toList());

    assertThat(perCaller).allSatisfy(numbers -> assertThat(numbers).isSorted());
    assertThat(perCaller.stream().flatMap(List::stream))
        .containsExactlyInAnyOrderElementsOf(numbers(1, 32 * 8));
    assertThat(log()).extracting(LoggedCommit::seq).isEqualTo(numbers(1, 32 * 8));
  }

  /** G2. */
  @Test
  default void refused_commits_burn_no_number_however_many_callers_there_are() {
    storage().fences().bar(MAZE, Map.of(LOOP, new FencingToken(9)));

    List<List<AppendOutcome>> perCaller =
        AtOnce.call(
            16,
            n ->
                IntStream.range(0, 8)
                    .mapToObj(i -> append(Edit.of(LOOP), Edit.of(INTRO), Edit.of(LOOP)))
                    .flatMap(List::stream)
                    .toList());

    assertThat(perCaller.stream().flatMap(List::stream).filter(Appended.class::isInstance))
        .extracting(StorageContract::seq)
        .containsExactlyInAnyOrderElementsOf(numbers(1, 16 * 8));
    assertThat(log()).extracting(LoggedCommit::seq).isEqualTo(numbers(1, 16 * 8));
  }

  /** C13. */
  @Test
  default void of_a_batch_only_the_bad_ones_are_refused() {
    append(Edit.of(INTRO).named("old"));
    storage().fences().bar(MAZE, Map.of(LOOP, new FencingToken(9)));
    Edit[] batch =
        IntStream.range(0, 64)
            .mapToObj(n ->
                switch (n % 4) {
                  case 0 -> Edit.of(LOOP).named("fenced" + n);
                  case 1 -> Edit.of(INTRO).named("old").saying("[\"other\"]");
                  case 2 -> Edit.of(INTRO).named("old");
                  default -> Edit.of(INTRO).named("good" + n);
                })
            .toArray(Edit[]::new);

    List<AppendOutcome> outcomes = append(batch);

    assertThat(every(4, 0, outcomes)).hasSize(16).hasOnlyElementsOfType(Fenced.class);
    assertThat(every(4, 1, outcomes)).hasSize(16).containsOnly(new Mismatch());
    assertThat(every(4, 2, outcomes))
        .hasSize(16)
        .containsOnly(new Duplicate(seq(1), log().getFirst().at()));
    assertThat(every(4, 3, outcomes)).extracting(StorageContract::seq).isEqualTo(numbers(2, 17));
    assertThat(log()).extracting(LoggedCommit::seq).isEqualTo(numbers(1, 17));
  }

  /** A12, I4. */
  @Test
  default void a_commit_that_is_offered_ten_times_at_once_stands_once() {
    Edit edit = Edit.of(INTRO).named("c1");

    List<AppendOutcome> outcomes = AtOnce.call(10, n -> append(edit).getFirst());

    assertThat(outcomes).extracting(StorageContract::seq).containsOnly(seq(1));
    assertThat(outcomes).filteredOn(Appended.class::isInstance).hasSize(1);
    assertThat(outcomes).filteredOn(Duplicate.class::isInstance).hasSize(9);
    assertThat(log()).hasSize(1);
  }

  /** I4. */
  @Test
  default void commits_of_many_names_that_are_all_offered_at_once_stand_once_each() {
    List<List<SequenceNumber>> perCaller =
        AtOnce.call(
            8,
            caller ->
                IntStream.range(0, 20)
                    .mapToObj(n -> append(Edit.of(INTRO).named("c" + n)).getFirst())
                    .map(StorageContract::seq)
                    .toList());

    assertThat(Set.copyOf(perCaller)).hasSize(1);
    assertThat(log()).hasSize(20);
  }

  @Test
  default void a_repeat_is_told_when_the_commit_was_stored() {
    Appended first = (Appended) append(Edit.of(INTRO).named("c1")).getFirst();
    append(Edit.of(INTRO));

    assertThat(append(Edit.of(INTRO).named("c1")))
        .containsExactly(new Duplicate(seq(1), first.at()));
  }

  @Test
  default void a_commit_that_comes_twice_in_one_batch_stands_once() {
    List<AppendOutcome> outcomes =
        append(
            Edit.of(INTRO).named("c1"),
            Edit.of(INTRO).named("c1"),
            Edit.of(LOOP).named("c1"),
            Edit.of(INTRO));

    assertThat(outcomes.get(1)).isInstanceOf(Duplicate.class);
    assertThat(outcomes.get(2)).isEqualTo(new Mismatch());
    assertThat(List.of(seq(outcomes.get(0)), seq(outcomes.get(1)), seq(outcomes.get(3))))
        .containsExactly(seq(1), seq(1), seq(2));
    assertThat(log()).hasSize(2);
  }

  /** A12. */
  @Test
  default void another_edit_under_the_same_name_is_refused() {
    append(Edit.of(INTRO).named("c1"));

    assertThat(append(Edit.of(INTRO).named("c1").saying("[]"), Edit.of(LOOP).named("c1")))
        .containsOnly(new Mismatch());
    assertThat(append(Edit.none(INTRO).named("c1"))).containsOnly(new Mismatch());
    assertThat(log()).hasSize(1);
  }

  @Test
  default void author_grant_workspace_and_what_was_seen_do_not_make_another_edit() {
    append(Edit.of(INTRO).named("c1"));

    assertThat(
            append(
                Edit.of(INTRO).named("c1").by(BOB),
                Edit.of(INTRO).named("c1").under(7),
                Edit.of(INTRO).named("c1").knowing(0),
                Edit.of(INTRO).named("c1").showing("<xml/>")))
        .extracting(StorageContract::seq)
        .containsOnly(seq(1));
    assertThat(view().snapshot()).isEmpty();
  }

  @Test
  default void a_name_means_nothing_in_another_room() {
    append(Edit.of(INTRO).named("c1"));

    assertThat(offer(MUSIC, Edit.of(LOOP).named("c1")).getFirst()).isInstanceOf(Appended.class);
  }

  @Test
  default void a_commit_that_was_refused_may_be_offered_again_under_its_name() {
    append(Edit.of(INTRO).by(BOB).under(5));

    assertThat(append(Edit.of(INTRO).named("c1").under(4)).getFirst()).isInstanceOf(Fenced.class);
    assertThat(append(Edit.of(INTRO).named("c1").under(6)).getFirst()).isInstanceOf(Appended.class);
  }

  @Test
  default void a_repeat_is_told_so_although_the_room_was_frozen_or_its_author_barred_meanwhile() {
    append(Edit.of(INTRO).named("c1"));
    storage().fences().bar(MAZE, Map.of(INTRO, new FencingToken(9)));
    change(room -> room.frozen(true));

    assertThat(append(Edit.of(INTRO).named("c1")).getFirst()).isInstanceOf(Duplicate.class);
    assertThat(append(Edit.of(LOOP).named("c1"))).containsExactly(new Mismatch());
  }

  /** G4, I1. */
  @Test
  default void whoever_committed_last_keeps_older_grants_and_other_owners_out() {
    append(Edit.of(INTRO).under(5));
    append(Edit.of(INTRO).under(6));

    assertThat(append(Edit.of(INTRO).by(BOB).under(5)).getFirst()).isInstanceOf(Fenced.class);
    assertThat(append(Edit.of(INTRO).by(BOB).under(6)).getFirst()).isInstanceOf(Fenced.class);
    assertThat(append(Edit.of(INTRO).under(5)).getFirst()).isInstanceOf(Fenced.class);
    assertThat(append(Edit.of(INTRO).under(6)).getFirst()).isInstanceOf(Appended.class);
    assertThat(append(Edit.of(INTRO).by(BOB).under(7)).getFirst()).isInstanceOf(Appended.class);
    assertThat(append(Edit.of(INTRO).under(6)).getFirst()).isInstanceOf(Fenced.class);
  }

  @Test
  default void the_grants_of_a_batch_are_compared_one_after_the_other() {
    List<AppendOutcome> outcomes =
        append(
            Edit.of(INTRO).under(5),
            Edit.of(INTRO).by(BOB).under(6),
            Edit.of(INTRO).under(5),
            Edit.of(INTRO).by(BOB).under(6));

    assertThat(outcomes.get(2)).isEqualTo(new Fenced(Set.of(INTRO), seq(2)));
    assertThat(seq(outcomes.get(3))).isEqualTo(seq(3));
    assertThat(append(Edit.of(INTRO).under(6)).getFirst()).isInstanceOf(Fenced.class);
  }

  @Test
  default void every_touched_block_is_fenced_and_a_refused_commit_names_those_that_keep_it_out() {
    append(Edit.of(INTRO).touching(LOOP).under(5));

    assertThat(append(Edit.of(INTRO).touching(LOOP, new BlockId("free")).by(BOB).under(4)))
        .containsExactly(new Fenced(Set.of(INTRO, LOOP), seq(1)));
    assertThat(append(Edit.of(LOOP).by(BOB).under(5)))
        .containsExactly(new Fenced(Set.of(LOOP), seq(1)));
    assertThat(append(Edit.of(new BlockId("free")).by(BOB).under(1)).getFirst())
        .isInstanceOf(Appended.class);
  }

  @Test
  default void a_refused_commit_moves_no_fence() {
    storage().fences().bar(MAZE, Map.of(INTRO, new FencingToken(9)));

    append(Edit.of(INTRO).touching(LOOP).by(BOB).under(8));

    assertThat(append(Edit.of(LOOP).under(1)).getFirst()).isInstanceOf(Appended.class);
  }

  @Test
  default void a_fence_is_one_of_its_room_alone() {
    append(Edit.of(INTRO).under(5));

    assertThat(offer(MUSIC, Edit.of(INTRO).by(BOB).under(1)).getFirst())
        .isInstanceOf(Appended.class);
  }

  @Test
  default void a_commit_without_events_passes_the_fences_like_any_other() {
    append(Edit.none(INTRO).under(5));

    assertThat(append(Edit.none(INTRO).by(BOB).under(4)))
        .containsExactly(new Fenced(Set.of(INTRO), SequenceNumber.NONE));
    assertThat(append(Edit.of(INTRO).by(BOB).under(5)).getFirst()).isInstanceOf(Fenced.class);
  }

  @Test
  default void a_frozen_room_admits_nothing() {
    change(room -> room.frozen(true));

    assertThat(append(Edit.of(INTRO).showing("<xml/>"), Edit.none(INTRO)))
        .containsOnly(new Frozen());
    assertThat(log()).isEmpty();
    assertThat(view().snapshot()).isEmpty();

    change(room -> room.frozen(false));
    assertThat(append(Edit.of(INTRO)).getFirst()).isInstanceOf(Appended.class);
  }

  @Test
  default void a_room_that_requires_locks_admits_reserved_blocks_only_if_they_are_created() {
    change(room -> room.withLockPolicy(LockPolicy.REQUIRED));
    EditEvents creating = new EditEvents("[1]", Set.of(LOOP), Set.of(LOOP), false);

    assertThat(append(Edit.of(INTRO).touching(LOOP).reserved()))
        .containsExactly(new NotHeld(Set.of(INTRO, LOOP)));
    assertThat(append(Edit.of(INTRO).with(creating).reserved()))
        .containsExactly(new NotHeld(Set.of(INTRO)));
    assertThat(append(Edit.of(LOOP).with(creating).reserved()).getFirst())
        .isInstanceOf(Appended.class);
    assertThat(append(Edit.of(INTRO)).getFirst()).isInstanceOf(Appended.class);
  }

  @Test
  default void a_room_that_requires_no_locks_admits_reserved_blocks() {
    assertThat(append(Edit.of(INTRO).reserved()).getFirst()).isInstanceOf(Appended.class);
  }

  @Test
  default void a_room_that_does_not_exist_has_no_commits_and_gets_none() {
    assertThat(offer(NOWHERE, Edit.of(INTRO), Edit.none(INTRO).showing("<xml/>")))
        .containsExactly(new NoSuchRoom(), new NoSuchRoom());
    assertThat(storage().log().read(NOWHERE, SequenceNumber.NONE, 10))
        .isEqualTo(new Excerpt(Optional.empty(), SequenceNumber.NONE, List.of(), true));
    assertThat(storage().log().find(NOWHERE, Set.of(new CommitId("c1")))).isEmpty();
    assertThat(storage().rooms().find(NOWHERE)).isEmpty();
  }

  @Test
  default void a_room_that_does_not_exist_is_no_matter_to_the_others() {
    List<List<AppendOutcome>> outcomes =
        AtOnce.call(32, n -> offer(n % 2 == 0 ? MAZE : NOWHERE, Edit.of(INTRO)));

    assertThat(every(2, 0, outcomes))
        .allSatisfy(each -> assertThat(each.getFirst()).isInstanceOf(Appended.class));
    assertThat(every(2, 1, outcomes)).containsOnly(List.of(new NoSuchRoom()));
    assertThat(log()).hasSize(16);
  }

  @Test
  default void a_room_that_was_deleted_begins_anew() {
    append(Edit.of(INTRO).named("c1").showing("<xml/>").under(5));

    storage().rooms().delete(MAZE);
    assertThat(append(Edit.of(INTRO))).containsExactly(new NoSuchRoom());
    openRooms();

    assertThat(log()).isEmpty();
    assertThat(seq(append(Edit.of(INTRO).by(BOB).named("c1").under(5)).getFirst()))
        .isEqualTo(seq(1));
  }

  @Test
  default void commits_after_a_number_are_read_in_order_and_at_most_so_many() {
    appendTimes(5, Edit.of(INTRO));

    assertThat(read(0, 9).commits()).extracting(LoggedCommit::seq).isEqualTo(numbers(1, 5));
    assertThat(read(2, 9).commits()).extracting(LoggedCommit::seq).isEqualTo(numbers(3, 5));
    assertThat(read(2, 2).commits()).extracting(LoggedCommit::seq).isEqualTo(numbers(3, 4));
    assertThat(read(5, 9).commits()).isEmpty();
    assertThat(read(9, 9).commits()).isEmpty();
    assertThat(List.of(read(0, 9), read(2, 2), read(5, 9), read(9, 9)))
        .allSatisfy(excerpt -> {
          assertThat(excerpt.last()).isEqualTo(seq(5));
          assertThat(excerpt.isComplete()).isTrue();
          assertThat(excerpt.epoch()).contains(view().epoch());
        });
  }

  @Test
  default void a_room_without_commits_has_its_epoch() {
    Excerpt excerpt = read(0, 9);

    assertThat(excerpt.epoch()).isPresent();
    assertThat(excerpt)
        .isEqualTo(new Excerpt(excerpt.epoch(), SequenceNumber.NONE, List.of(), true));
    assertThat(storage().log().read(MUSIC, SequenceNumber.NONE, 9).epoch())
        .isNotEqualTo(excerpt.epoch());
  }

  @Test
  default void a_reader_who_asks_for_what_was_compacted_away_is_told_so() {
    append(Edit.of(INTRO), Edit.of(INTRO).showing("<xml/>"));
    append(Edit.of(INTRO));
    storage().archive().compact(log().getLast().at(), 100);

    assertThat(read(0, 9))
        .satisfies(excerpt -> {
          assertThat(excerpt.isComplete()).isFalse();
          assertThat(excerpt.commits()).isEmpty();
          assertThat(excerpt.last()).isEqualTo(seq(3));
        });
    assertThat(read(2, 9).isComplete()).isTrue();
    assertThat(read(2, 9).commits()).extracting(LoggedCommit::seq).containsExactly(seq(3));
  }

  @Test
  default void a_reader_sees_no_gap_while_others_commit() {
    AtOnce.call(
        8,
        n -> {
          long known = 0;
          for (int i = 0; i < 20; i++) {
            append(Edit.of(INTRO), Edit.of(INTRO));
            Excerpt excerpt = read(known, 10);
            assertThat(excerpt.commits())
                .extracting(LoggedCommit::seq)
                .isEqualTo(numbers(known + 1, known + excerpt.commits().size()));
            known += excerpt.commits().size();
            assertThat(excerpt.last().value()).isGreaterThanOrEqualTo(known);
          }
          return known;
        });
  }

  @Test
  default void commits_are_found_by_their_names() {
    append(Edit.of(INTRO).named("c1"), Edit.of(INTRO), Edit.of(LOOP).named("c3"));
    offer(MUSIC, Edit.of(INTRO).named("c4"));
    Set<CommitId> asked =
        Set.of(new CommitId("c1"), new CommitId("c2"), new CommitId("c3"), new CommitId("c4"));

    assertThat(storage().log().find(MAZE, asked))
        .isEqualTo(Map.of(new CommitId("c1"), log().get(0), new CommitId("c3"), log().get(2)));
    assertThat(storage().log().find(MAZE, Set.of())).isEmpty();
  }

  @Test
  default void the_last_numbers_of_rooms_are_told_of_those_that_exist() {
    appendTimes(3, Edit.of(INTRO));

    assertThat(storage().log().last(Set.of(MAZE, MUSIC, NOWHERE)))
        .isEqualTo(Map.of(MAZE, seq(3), MUSIC, SequenceNumber.NONE));
    assertThat(storage().log().last(Set.of())).isEmpty();
  }

  @Test
  default void the_epoch_of_an_excerpt_is_that_of_the_room() {
    appendTimes(2, Edit.of(INTRO));
    Epoch next = new Epoch("next");
    storage().archive().restore(MAZE, seq(1), next);

    assertThat(read(0, 9).epoch()).contains(next);
  }

  @Test
  default void every_method_of_the_log_throws_when_the_storage_does_not_answer() {
    CommitLog lost = lostStorage().log();

    assertUnavailable(
        () -> lost.append(MAZE, List.of(Edit.of(INTRO).showing("<xml/>").proposal())),
        () -> lost.read(MAZE, SequenceNumber.NONE, 10),
        () -> lost.find(MAZE, Set.of(new CommitId("c1"))),
        () -> lost.last(Set.of(MAZE)));
  }

  private List<AppendOutcome> offer(RoomId room, Edit... edits) {
    return storage().log().append(room, Stream.of(edits).map(Edit::proposal).toList());
  }

  private Excerpt read(long after, int limit) {
    return storage().log().read(MAZE, seq(after), limit);
  }

  private void change(UnaryOperator<Room> change) {
    storage().rooms().change(MAZE, change);
  }

  private static <T> List<T> every(int step, int first, List<T> all) {
    return IntStream.iterate(first, n -> n < all.size(), n -> n + step).mapToObj(all::get).toList();
  }
}
