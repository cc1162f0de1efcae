package io.blockroom.application.port.out;

import static io.blockroom.application.port.out.StorageContract.numbers;
import static io.blockroom.application.port.out.StorageContract.seq;
import static io.blockroom.application.port.out.WorkspacesContract.both;
import static io.blockroom.application.port.out.WorkspacesContract.state;
import static io.blockroom.application.port.out.WorkspacesContract.xml;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockroom.application.port.out.CommitLog.AppendOutcome.Appended;
import io.blockroom.application.port.out.CommitLog.AppendOutcome.Duplicate;
import io.blockroom.application.port.out.CommitLog.AppendOutcome.Fenced;
import io.blockroom.application.port.out.RoomArchive.Header;
import io.blockroom.application.port.out.RoomArchive.RestoreOutcome;
import io.blockroom.application.port.out.RoomArchive.RestoreOutcome.NoSuchRoom;
import io.blockroom.application.port.out.RoomArchive.RestoreOutcome.NoSuchSeq;
import io.blockroom.application.port.out.RoomArchive.RestoreOutcome.Restored;
import io.blockroom.application.port.out.Workspaces.Entry;
import io.blockroom.application.port.out.Workspaces.Lag;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.lock.LockPolicy;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.snapshot.WorkspaceForm;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import io.blockroom.domain.snapshot.WorkspaceView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link RoomArchive} keeps to. */
public interface RoomArchiveContract extends StorageContract {
  Epoch NEXT = new Epoch("next");
  Instant LATER = Instant.parse("2126-11-22T08:40:00Z");

  /** A room as it was taken out. */
  record Taken(Header header, List<LoggedCommit> commits) {}

  @BeforeEach
  default void begin() {
    openRooms();
  }

  @Test
  default void a_restored_room_goes_on_with_a_commit_that_says_so() {
    appendTimes(3, Edit.of(INTRO));
    List<LoggedCommit> before = log();

    assertThat(restore(0)).isEqualTo(new Restored(NEXT, seq(4)));

    assertThat(log().subList(0, 3)).isEqualTo(before);
    assertThat(log().getLast())
        .usingRecursiveComparison()
        .ignoringFields("at")
        .isEqualTo(
            new LoggedCommit(
                seq(4),
                new ClientId("server"),
                new BlockId("restore"),
                "[{\"type\":\"blockroom_restore\",\"toSeq\":0}]",
                MORNING,
                Optional.empty()));
    assertThat(log().getLast().at()).isAfter(before.getLast().at());
  }

  @Test
  default void a_room_that_is_restored_to_nothing_is_empty_in_both_forms() {
    append(Edit.of(INTRO).showing("<xml>one</xml>"));
    store(state(1, "{\"n\":1}"));

    restore(0);

    assertThat(view())
        .isEqualTo(
            new WorkspaceView(
                NEXT,
                seq(2),
                Optional.of(WorkspaceSnapshot.of(seq(2), WorkspaceXml.EMPTY)),
                List.of()));
    assertShows(WorkspaceForm.ANY, 2, "{}");
    assertThat(append(Edit.of(INTRO)).getFirst()).isInstanceOf(Appended.class);
    assertThat(view().tail()).extracting(LoggedCommit::seq).containsExactly(seq(3));
  }

  @Test
  default void a_room_without_commits_can_be_restored_to_nothing() {
    assertThat(restore(0)).isEqualTo(new Restored(NEXT, seq(1)));
    assertShows(WorkspaceForm.XML, 1, WorkspaceXml.EMPTY.text());
  }

  @Test
  default void commits_of_a_room_without_a_snapshot_are_all_copied() {
    appendEdits("a", "b", "c", "d");

    assertThat(restore(3)).isEqualTo(new Restored(NEXT, seq(8)));

    assertThat(view().snapshot()).contains(xml(5, WorkspaceXml.EMPTY.text()));
    assertThat(view().tail()).extracting(LoggedCommit::seq).isEqualTo(numbers(6, 8));
    assertThat(view().tail())
        .extracting(LoggedCommit::events)
        .containsExactly("[\"a\"]", "[\"b\"]", "[\"c\"]");
    assertShows(WorkspaceForm.ANY, 5, "{}");
  }

  @Test
  default void the_newest_snapshot_at_the_number_is_copied_with_the_commits_up_to_it() {
    appendEdits("a");
    append(Edit.of(INTRO).showing("<xml>two</xml>"));
    appendEdits("c", "d");
    appendTimes(100, Edit.of(INTRO));
    append(Edit.of(INTRO).showing("<xml>later</xml>"));

    assertThat(restore(4)).isEqualTo(new Restored(NEXT, seq(108)));

    assertThat(view().snapshot()).contains(xml(106, "<xml>two</xml>"));
    assertThat(view().tail())
        .extracting(LoggedCommit::events)
        .containsExactly("[\"c\"]", "[\"d\"]");
    assertThat(view().tail()).extracting(LoggedCommit::seq).isEqualTo(numbers(107, 108));
  }

  @Test
  default void copies_have_the_authors_and_blocks_of_the_commits_but_neither_name_nor_moment() {
    append(Edit.of(INTRO).by(BOB).named("c1").saying("[\"a\"]"));
    LoggedCommit original = log().getFirst();

    restore(1);

    assertThat(log().getLast())
        .usingRecursiveComparison()
        .ignoringFields("at")
        .isEqualTo(new LoggedCommit(seq(3), BOB, INTRO, "[\"a\"]", MORNING, Optional.empty()));
    assertThat(log().getLast().at()).isAfter(original.at());
    assertThat(append(Edit.of(INTRO).named("c1").saying("[\"a\"]")))
        .containsExactly(new Duplicate(seq(1), original.at()));
  }

  @Test
  default void a_snapshot_in_json_that_was_newer_is_copied_to_its_place() {
    append(Edit.of(INTRO).showing("<xml>one</xml>"));
    appendEdits("b", "c");
    store(state(3, "{\"n\":3}"));
    appendEdits("d", "e");

    assertThat(restore(4)).isEqualTo(new Restored(NEXT, seq(9)));

    assertThat(view().snapshot()).contains(xml(6, "<xml>one</xml>"));
    assertThat(view().tail())
        .extracting(LoggedCommit::events)
        .containsExactly("[\"b\"]", "[\"c\"]", "[\"d\"]");
    assertShows(WorkspaceForm.ANY, 8, "{\"n\":3}");
    assertThat(any().tail()).extracting(LoggedCommit::events).containsExactly("[\"d\"]");
  }

  @Test
  default void a_snapshot_in_json_alone_leaves_readers_of_xml_the_whole_history() {
    appendEdits("a", "b", "c");
    store(state(2, "{\"n\":2}"));

    assertThat(restore(3)).isEqualTo(new Restored(NEXT, seq(7)));

    assertThat(view().snapshot()).contains(xml(4, WorkspaceXml.EMPTY.text()));
    assertThat(view().tail()).hasSize(3);
    assertShows(WorkspaceForm.ANY, 6, "{\"n\":2}");
  }

  @Test
  default void a_snapshot_in_json_that_was_older_is_nobodys_any_more() {
    appendEdits("a");
    store(state(1, "{\"n\":1}"));
    append(Edit.of(INTRO).showing("<xml>two</xml>"));
    appendEdits("c");

    restore(3);

    assertThat(any()).isEqualTo(view());
    assertThat(view().snapshot()).contains(xml(4, "<xml>two</xml>"));
    assertThat(view().tail()).extracting(LoggedCommit::events).containsExactly("[\"c\"]");
  }

  @Test
  default void both_forms_of_one_number_are_restored_to_one_number() {
    appendEdits("a");
    store(both(1, "<xml>one</xml>", "{\"n\":1}"));
    appendEdits("b");

    restore(1);

    assertThat(lag()).isEqualTo(new Lag(seq(3), seq(3), seq(3)));
    assertShows(WorkspaceForm.XML, 3, "<xml>one</xml>");
    assertShows(WorkspaceForm.ANY, 3, "{\"n\":1}");
  }

  @Test
  default void a_room_can_be_restored_to_its_last_number() {
    append(Edit.of(INTRO).showing("<xml>one</xml>"));

    assertThat(restore(1)).isEqualTo(new Restored(NEXT, seq(2)));

    assertShows(WorkspaceForm.XML, 2, "<xml>one</xml>");
  }

  @Test
  default void what_was_restored_can_be_restored_again_whatever_came_in_between() {
    for (String name : List.of("a", "b", "c")) {
      append(Edit.of(INTRO).saying("[\"" + name + "\"]").showing("<xml>" + name + "</xml>"));
    }
    appendTimes(100, Edit.of(INTRO));
    append(Edit.of(INTRO).showing("<xml>later</xml>"));

    restore(3);
    append(Edit.of(INTRO).saying("[\"d\"]"));
    append(Edit.of(INTRO).showing("<xml>e</xml>"));
    append(Edit.of(INTRO).showing("<xml>f</xml>"));

    assertThat(log().getLast().seq()).isEqualTo(seq(108));
    assertThat(restore(106)).isEqualTo(new Restored(NEXT, seq(110)));
    assertThat(view().snapshot()).contains(xml(109, "<xml>c</xml>"));
    assertThat(view().tail()).extracting(LoggedCommit::events).containsExactly("[\"d\"]");

    assertThat(restore(105)).isEqualTo(new Restored(NEXT, seq(111)));
    assertThat(view().snapshot()).contains(xml(111, "<xml>c</xml>"));

    assertThat(restore(104)).isEqualTo(new Restored(NEXT, seq(112 + 101)));
    assertThat(view().snapshot()).contains(xml(112, "<xml>c</xml>"));
    assertThat(view().tail()).hasSize(101);
  }

  @Test
  default void the_snapshot_that_a_restored_history_begins_with_is_not_thinned_out() {
    append(Edit.of(INTRO).showing("<xml>one</xml>"));
    restore(1);
    append(Edit.of(INTRO).showing("<xml>three</xml>"));
    append(Edit.of(INTRO).showing("<xml>four</xml>"));

    assertThat(entries()).containsExactly(seq(4), seq(2));
    assertThat(storage().workspaces().find(MAZE, seq(2))).contains(xml(2, "<xml>one</xml>"));
  }

  @Test
  default void a_number_that_is_ahead_of_the_room_cannot_be_restored() {
    appendTimes(3, Edit.of(INTRO));
    Epoch epoch = view().epoch();

    assertThat(restore(4)).isEqualTo(new NoSuchSeq());

    assertThat(view().epoch()).isEqualTo(epoch);
    assertThat(log()).hasSize(3);
  }

  @Test
  default void a_number_whose_commits_are_compacted_away_cannot_be_restored() {
    append(Edit.of(INTRO), Edit.of(INTRO), Edit.of(INTRO).showing("<xml>three</xml>"));
    append(Edit.of(INTRO));
    storage().archive().compact(log().getLast().at(), 100);
    append(Edit.of(INTRO));

    assertThat(restore(1)).isEqualTo(new NoSuchSeq());
    assertThat(restore(2)).isEqualTo(new NoSuchSeq());
    assertThat(restore(3)).isEqualTo(new Restored(NEXT, seq(6)));
    assertThat(restore(4)).isEqualTo(new Restored(NEXT, seq(8)));
    assertThat(restore(0)).isEqualTo(new Restored(NEXT, seq(9)));
  }

  @Test
  default void a_room_that_does_not_exist_cannot_be_restored() {
    assertThat(storage().archive().restore(NOWHERE, seq(0), NEXT)).isEqualTo(new NoSuchRoom());
  }

  @Test
  default void fences_outlast_a_restore() {
    append(Edit.of(INTRO).under(5));
    restore(0);

    assertThat(append(Edit.of(INTRO).by(BOB).under(5)).getFirst()).isInstanceOf(Fenced.class);
  }

  @Test
  default void commits_that_come_while_a_room_is_restored_are_before_or_after_it_as_a_whole() {
    appendEdits("a", "b", "c");

    AtOnce.call(
        8,
        n -> {
          if (n == 0) {
            return restore(2);
          }
          for (int i = 0; i < 5; i++) {
            appendTimes(2, Edit.of(INTRO));
          }
          return n;
        });

    assertThat(log()).extracting(LoggedCommit::seq).isEqualTo(numbers(1, 3 + 3 + 70));
    List<String> events = log().stream().map(LoggedCommit::events).toList();
    int marker = events.indexOf("[{\"type\":\"blockroom_restore\",\"toSeq\":2}]");
    assertThat(events.subList(marker + 1, marker + 3)).containsExactly("[\"a\"]", "[\"b\"]");
    assertThat(view().snapshotSeq()).isEqualTo(seq(marker + 1));
  }

  @Test
  default void a_room_is_taken_out_with_all_that_it_has() {
    appendEdits("a", "b");
    store(both(2, "<xml>two</xml>", "{\"n\":2}"));
    appendTimes(100, Edit.of(INTRO));
    append(Edit.of(LOOP).by(BOB).named("c1").showing("<xml>last</xml>"));
    storage().rooms().change(MAZE, room -> room.withTitle("Maze!").frozen(true));

    Taken taken = take(MAZE);

    assertThat(taken.header().room()).isEqualTo(storage().rooms().find(MAZE).orElseThrow());
    assertThat(taken.header().last()).isEqualTo(seq(103));
    assertThat(taken.header().snapshots())
        .extracting(WorkspaceSnapshot::seq)
        .containsExactly(seq(2), seq(103));
    assertThat(taken.header().snapshots().getFirst().xml())
        .contains(new WorkspaceXml("<xml>two</xml>"));
    assertThat(taken.header().snapshots().getFirst().state().map(WorkspacesContract::dense))
        .contains("{\"n\":2}");
    assertThat(taken.commits()).isEqualTo(log()).hasSize(103);
  }

  @Test
  default void a_room_that_does_not_exist_is_not_taken_out() {
    List<Object> told = new ArrayList<>();

    assertThat(storage().archive().export(NOWHERE, told::add, told::add)).isFalse();
    assertThat(told).isEmpty();
  }

  @Test
  default void thousands_of_commits_are_taken_out_and_brought_in() {
    for (int n = 0; n < 50; n++) {
      append(
          IntStream.range(n * 50, n * 50 + 50)
              .mapToObj(i -> Edit.of(INTRO).named("c" + i).saying("[" + i + "]"))
              .toArray(Edit[]::new));
    }
    Taken taken = take(MAZE);

    assertThat(bringIn(renamed(taken, NOWHERE), NEXT)).isTrue();

    assertThat(taken.commits()).extracting(LoggedCommit::seq).isEqualTo(numbers(1, 2_500));
    assertThat(take(NOWHERE).commits()).isEqualTo(taken.commits());
  }

  @Test
  default void an_export_is_of_one_moment_however_much_is_committed_meanwhile() {
    appendTimes(5, Edit.of(INTRO));

    AtOnce.call(
        4,
        n -> {
          for (int i = 0; i < 20; i++) {
            append(Edit.of(INTRO));
            Taken taken = take(MAZE);
            assertThat(taken.commits())
                .extracting(LoggedCommit::seq)
                .isEqualTo(numbers(1, taken.header().last().value()));
          }
          return n;
        });
  }

  @Test
  default void what_a_reader_of_an_export_throws_is_passed_on_and_all_is_well_afterwards() {
    appendTimes(3, Edit.of(INTRO));

    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(() ->
              storage()
                  .archive()
                  .export(
                      MAZE,
                      header -> {},
                      commit -> {
                        throw new IllegalStateException("full");
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("full");
    }

    assertThat(take(MAZE).commits()).hasSize(3);
    appendTimes(1, Edit.of(INTRO));
  }

  @Test
  default void a_room_that_is_brought_in_is_what_it_was_under_a_new_epoch() {
    storage()
        .rooms()
        .change(
            MAZE,
            room ->
                room.withTitle("Maze!")
                    .withMaxUsers(3)
                    .withLockPolicy(LockPolicy.REQUIRED)
                    .closed(true));
    appendEdits("a", "b");
    store(both(2, "<xml>two</xml>", "{\"n\":2}"));
    append(Edit.of(LOOP).by(BOB).named("c1"));
    Taken taken = take(MAZE);

    storage().rooms().delete(MAZE);
    assertThat(bringIn(taken, NEXT)).isTrue();

    assertThat(take(MAZE)).isEqualTo(taken);
    assertThat(view().epoch()).isEqualTo(NEXT);
    assertThat(view().tail()).extracting(LoggedCommit::seq).containsExactly(seq(3));
    assertThat(append(Edit.of(LOOP).named("c1")).getFirst()).isInstanceOf(Duplicate.class);
    assertThat(append(Edit.of(INTRO)).getFirst())
        .isInstanceOfSatisfying(Appended.class, next -> assertThat(next.seq()).isEqualTo(seq(4)));
  }

  @Test
  default void a_room_that_was_compacted_or_restored_is_brought_in_as_it_is() {
    appendEdits("a", "b");
    append(Edit.of(INTRO).showing("<xml>three</xml>"));
    appendEdits("d", "e");
    storage().archive().compact(LATER, 100);
    restore(4);
    appendEdits("f");
    Taken taken = take(MAZE);

    assertThat(bringIn(renamed(taken, NOWHERE), NEXT)).isTrue();

    assertThat(take(NOWHERE)).isEqualTo(renamed(taken, NOWHERE));
  }

  @Test
  default void a_room_without_commits_is_brought_in() {
    Taken taken = renamed(take(MAZE), NOWHERE);

    assertThat(bringIn(taken, NEXT)).isTrue();

    assertThat(take(NOWHERE)).isEqualTo(taken);
  }

  @Test
  default void a_room_that_exists_is_not_overwritten() {
    appendEdits("a");
    Taken before = take(MAZE);

    assertThat(bringIn(new Taken(header(MAZE, 0), List.of()), NEXT)).isFalse();

    assertThat(take(MAZE)).isEqualTo(before);
    assertThat(view().epoch()).isNotEqualTo(NEXT);
  }

  @Test
  default void numbers_that_do_not_fit_together_are_refused() {
    assertUnfit(header(NOWHERE, 1));
    assertUnfit(header(NOWHERE, 0), logged(1, "a"));
    assertUnfit(header(NOWHERE, 3), logged(1, "a"), logged(3, "c"));
    assertUnfit(header(NOWHERE, 2), logged(2, "b"), logged(1, "a"));
    assertUnfit(header(NOWHERE, 2), logged(1, "a"), logged(1, "b"), logged(2, "c"));
    assertUnfit(header(NOWHERE, 3), logged(1, "a"), logged(2, "b"));
    assertUnfit(header(NOWHERE, 1), logged(0, "z"), logged(1, "a"));
    assertUnfit(header(NOWHERE, 3), logged(2, "b"), logged(3, "c"));
    assertUnfit(header(NOWHERE, 3, state(1, "{}")), logged(2, "b"), logged(3, "c"));
    assertUnfit(header(NOWHERE, 3, xml(1, "<xml/>")), logged(3, "c"));
    assertUnfit(header(NOWHERE, 1, xml(2, "<xml/>")), logged(1, "a"));
    assertUnfit(
        header(NOWHERE, 2, xml(2, "<xml/>"), xml(1, "<xml/>")), logged(1, "a"), logged(2, "b"));
    assertUnfit(
        header(NOWHERE, 2, xml(1, "<xml/>"), state(1, "{}")), logged(1, "a"), logged(2, "b"));
    assertUnfit(header(NOWHERE, 2), named(1, "c1"), named(2, "c1"));
  }

  @Test
  default void what_gives_the_commits_may_fail_and_then_nothing_is_brought_in() {
    Iterator<LoggedCommit> some = List.of(logged(1, "a")).iterator();

    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(() ->
              storage()
                  .archive()
                  .bringIn(
                      header(NOWHERE, 2),
                      () -> {
                        if (some.hasNext()) {
                          return Optional.of(some.next());
                        }
                        throw new IllegalStateException("torn");
                      },
                      NEXT))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("torn");
    }

    assertThat(storage().rooms().find(NOWHERE)).isEmpty();
    assertThat(bringIn(new Taken(header(NOWHERE, 1), List.of(logged(1, "a"))), NEXT)).isTrue();
  }

  @Test
  default void of_many_who_bring_a_room_in_at_once_one_does() {
    Taken taken = new Taken(header(NOWHERE, 1), List.of(logged(1, "a")));

    assertThat(AtOnce.call(8, n -> bringIn(taken, NEXT))).containsOnlyOnce(true);
    assertThat(take(NOWHERE)).isEqualTo(taken);
  }

  @Test
  default void commits_before_a_moment_that_the_newest_snapshot_contains_are_forgotten() {
    append(Edit.of(INTRO), Edit.of(INTRO).showing("<xml>two</xml>"));
    append(Edit.of(INTRO));
    Instant third = log().getLast().at();
    appendTimes(97, Edit.of(INTRO));
    append(Edit.of(INTRO).showing("<xml>101</xml>"));
    append(Edit.of(INTRO));

    assertThat(storage().archive().compact(third, 1_000)).isEqualTo(2);
    assertThat(take(MAZE).commits()).extracting(LoggedCommit::seq).isEqualTo(numbers(3, 102));
    assertThat(entries()).containsExactly(seq(101), seq(2));

    assertThat(storage().archive().compact(LATER, 1_000)).isEqualTo(99);
    assertThat(take(MAZE).commits()).extracting(LoggedCommit::seq).containsExactly(seq(102));
    assertThat(entries()).containsExactly(seq(101));
    assertThat(storage().archive().compact(LATER, 1_000)).isZero();
  }

  @Test
  default void whoever_joins_a_compacted_room_sees_what_they_would_have_seen_before() {
    append(Edit.of(INTRO).showing("<xml>one</xml>"));
    store(state(1, "{\"n\":1}"));
    appendEdits("b", "c");
    append(Edit.of(INTRO).showing("<xml>four</xml>"));
    appendEdits("e");
    store(state(5, "{\"n\":5}"));
    appendEdits("f");
    List<WorkspaceView> before = List.of(view(), any());

    storage().archive().compact(LATER, 1_000);

    assertThat(List.of(view(), any())).isEqualTo(before);
    assertThat(seqAfter(Edit.of(INTRO))).isEqualTo(seq(7));
  }

  @Test
  default void a_room_without_a_snapshot_in_xml_keeps_all() {
    appendEdits("a", "b");
    store(state(2, "{\"n\":2}"));

    assertThat(storage().archive().compact(LATER, 1_000)).isZero();

    assertThat(log()).hasSize(2);
    assertThat(entries()).containsExactly(seq(2));
  }

  @Test
  default void no_more_is_forgotten_at_once_than_was_said() {
    for (RoomId room : List.of(MAZE, MUSIC)) {
      for (int n = 0; n < 5; n++) {
        storage().log().append(room, List.of(Edit.of(INTRO).showing("<xml/>").proposal()));
      }
    }

    assertThat(storage().archive().compact(LATER, 3)).isEqualTo(3);
    assertThat(storage().archive().compact(LATER, 3)).isEqualTo(3);
    assertThat(storage().archive().compact(LATER, 3)).isEqualTo(3);
    assertThat(storage().archive().compact(LATER, 3)).isEqualTo(1);
    assertThat(storage().archive().compact(LATER, 3)).isZero();
    assertThat(view().snapshot()).contains(xml(5, "<xml/>"));
  }

  @Test
  default void a_log_has_no_hole_whatever_the_moments_of_its_commits() {
    Instant late = Instant.parse("2026-11-22T12:00:00Z");
    bringIn(
        new Taken(
            header(NOWHERE, 4, xml(4, "<xml/>")),
            List.of(
                at(logged(1, "a"), MORNING),
                at(logged(2, "b"), late),
                at(logged(3, "c"), MORNING),
                at(logged(4, "d"), late))),
        NEXT);

    assertThat(storage().archive().compact(late, 1_000)).isEqualTo(1);
    assertThat(take(NOWHERE).commits()).extracting(LoggedCommit::seq).isEqualTo(numbers(2, 4));
  }

  @Test
  default void a_name_is_forgotten_with_its_commit() {
    append(Edit.of(INTRO).named("c1").showing("<xml/>"));
    storage().archive().compact(LATER, 1_000);

    assertThat(append(Edit.of(INTRO).named("c1")).getFirst())
        .isInstanceOfSatisfying(
            Appended.class, appended -> assertThat(appended.seq()).isEqualTo(seq(2)));
  }

  @Test
  default void every_method_of_the_archive_throws_when_the_storage_does_not_answer() {
    RoomArchive lost = lostStorage().archive();

    assertUnavailable(
        () -> lost.restore(MAZE, SequenceNumber.NONE, NEXT),
        () -> lost.export(MAZE, header -> {}, commit -> {}),
        () -> lost.bringIn(header(NOWHERE, 0), Optional::empty, NEXT),
        () -> lost.compact(LATER, 1));
  }

  private void assertUnfit(Header header, LoggedCommit... commits) {
    assertThatThrownBy(() -> bringIn(new Taken(header, List.of(commits)), NEXT))
        .as(header + " " + Arrays.toString(commits))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(storage().rooms().find(NOWHERE)).isEmpty();
  }

  private RestoreOutcome restore(long to) {
    return storage().archive().restore(MAZE, seq(to), NEXT);
  }

  private Taken take(RoomId room) {
    List<Header> headers = new ArrayList<>();
    List<LoggedCommit> commits = new ArrayList<>();
    assertThat(storage().archive().export(room, headers::add, commits::add)).isTrue();
    assertThat(headers).hasSize(1);
    return new Taken(headers.getFirst(), commits);
  }

  private boolean bringIn(Taken taken, Epoch epoch) {
    Iterator<LoggedCommit> commits = taken.commits().iterator();
    Supplier<Optional<LoggedCommit>> next =
        () -> commits.hasNext() ? Optional.of(commits.next()) : Optional.empty();
    return storage().archive().bringIn(taken.header(), next, epoch);
  }

  private void appendEdits(String... names) {
    for (String name : names) {
      append(Edit.of(INTRO).saying("[\"" + name + "\"]"));
    }
  }

  private SequenceNumber seqAfter(Edit edit) {
    return seq(append(edit).getFirst());
  }

  private void store(WorkspaceSnapshot snapshot) {
    assertThat(storage().workspaces().store(MAZE, snapshot))
        .isEqualTo(new Workspaces.SnapshotOutcome.Stored());
  }

  private WorkspaceView any() {
    return storage().workspaces().view(MAZE, WorkspaceForm.ANY).orElseThrow();
  }

  private Lag lag() {
    return storage().workspaces().lag(MAZE).orElseThrow();
  }

  private List<SequenceNumber> entries() {
    return storage().workspaces().list(MAZE, seq(1_000_000), 100).stream().map(Entry::seq).toList();
  }

  private void assertShows(WorkspaceForm form, long seq, String text) {
    WorkspaceView view = storage().workspaces().view(MAZE, form).orElseThrow();
    WorkspaceSnapshot shown = view.snapshot().orElseThrow();
    assertThat(shown.seq()).isEqualTo(seq(seq));
    assertThat(
            shown
                .state()
                .map(WorkspacesContract::dense)
                .or(() -> shown.xml().map(WorkspaceXml::text)))
        .contains(text);
  }

  private static Taken renamed(Taken taken, RoomId id) {
    Room room = taken.header().room();
    return new Taken(
        new Header(
            new Room(
                id,
                room.title(),
                room.maxUsers(),
                room.lockPolicy(),
                room.isFrozen(),
                room.isClosed(),
                room.createdAt()),
            taken.header().last(),
            taken.header().snapshots()),
        taken.commits());
  }

  private static Header header(RoomId room, long last, WorkspaceSnapshot... snapshots) {
    return new Header(Room.opened(room, 10, MORNING), seq(last), List.of(snapshots));
  }

  private static LoggedCommit logged(long number, String name) {
    return new LoggedCommit(
        seq(number), ADA, INTRO, "[\"" + name + "\"]", MORNING, Optional.empty());
  }

  private static LoggedCommit named(long number, String name) {
    LoggedCommit commit = logged(number, name);
    return new LoggedCommit(
        commit.seq(),
        commit.by(),
        commit.block(),
        commit.events(),
        commit.at(),
        Optional.of(new CommitId(name)));
  }

  private static LoggedCommit at(LoggedCommit commit, Instant moment) {
    return new LoggedCommit(
        commit.seq(), commit.by(), commit.block(), commit.events(), moment, commit.id());
  }
}
