package io.blockroom.application.port.out;

import static io.blockroom.application.port.out.StorageContract.numbers;
import static io.blockroom.application.port.out.StorageContract.seq;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.blockroom.application.port.out.CommitLog.AppendOutcome.Appended;
import io.blockroom.application.port.out.Workspaces.Entry;
import io.blockroom.application.port.out.Workspaces.Lag;
import io.blockroom.application.port.out.Workspaces.SnapshotOutcome.NoSuchRoom;
import io.blockroom.application.port.out.Workspaces.SnapshotOutcome.Stale;
import io.blockroom.application.port.out.Workspaces.SnapshotOutcome.Stored;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceState;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.snapshot.WorkspaceForm;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import io.blockroom.domain.snapshot.WorkspaceView;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Workspaces} keeps to. */
public interface WorkspacesContract extends StorageContract {
  @BeforeEach
  default void begin() {
    openRooms();
  }

  @Test
  default void a_room_that_does_not_exist_has_no_workspace() {
    Workspaces workspaces = storage().workspaces();

    assertThat(workspaces.view(NOWHERE, WorkspaceForm.XML)).isEmpty();
    assertThat(workspaces.view(NOWHERE, WorkspaceForm.ANY)).isEmpty();
    assertThat(workspaces.lag(NOWHERE)).isEmpty();
    assertThat(workspaces.list(NOWHERE, seq(1_000), 10)).isEmpty();
    assertThat(workspaces.find(NOWHERE, seq(1))).isEmpty();
    assertThat(workspaces.store(NOWHERE, xml(0, "<xml/>"))).isEqualTo(new NoSuchRoom());
  }

  @Test
  default void a_room_without_commits_has_neither_snapshot_nor_tail() {
    WorkspaceView view = view();

    assertThat(view)
        .isEqualTo(
            new WorkspaceView(view.epoch(), SequenceNumber.NONE, Optional.empty(), List.of()));
    assertThat(any()).isEqualTo(view);
    assertThat(lag()).isEqualTo(new Lag(seq(0), seq(0), seq(0)));
  }

  @Test
  default void without_a_snapshot_every_commit_is_in_the_tail() {
    appendTimes(3, Edit.of(INTRO));

    assertThat(view().snapshot()).isEmpty();
    assertThat(view().tail()).isEqualTo(log()).hasSize(3);
    assertThat(any()).isEqualTo(view());
    assertThat(view().seq()).isEqualTo(seq(3));
  }

  @Test
  default void the_workspace_of_a_commit_becomes_the_newest_snapshot_as_of_its_number() {
    append(Edit.of(INTRO).showing("<xml>one</xml>"), Edit.of(INTRO).showing("<xml>two</xml>"));
    append(Edit.of(INTRO), Edit.of(LOOP));

    assertThat(view().snapshot()).contains(xml(2, "<xml>two</xml>"));
    assertThat(view().tail()).isEqualTo(log().subList(2, 4));
    assertThat(view().seq()).isEqualTo(seq(4));
  }

  @Test
  default void the_workspace_of_a_commit_without_events_counts_as_of_the_current_number() {
    append(Edit.none(INTRO).showing("<xml>zero</xml>"));
    assertThat(view().snapshot()).contains(xml(0, "<xml>zero</xml>"));

    append(Edit.of(INTRO).showing("<xml>one</xml>"), Edit.none(INTRO).showing("<xml>tidy</xml>"));
    assertThat(view().snapshot()).contains(xml(1, "<xml>tidy</xml>"));
  }

  @Test
  default void the_workspace_of_somebody_who_had_not_seen_all_is_not_adopted() {
    append(Edit.of(INTRO).showing("<xml>one</xml>").knowing(0));
    append(Edit.of(INTRO), Edit.of(LOOP).showing("<xml>blind</xml>").knowing(1));

    assertThat(view().snapshot()).contains(xml(1, "<xml>one</xml>"));
    assertThat(view().tail()).extracting(LoggedCommit::seq).isEqualTo(numbers(2, 3));

    append(Edit.of(INTRO).showing("<xml>ahead</xml>").knowing(4));
    assertThat(view().snapshot()).contains(xml(1, "<xml>one</xml>"));

    append(Edit.of(INTRO).showing("<xml>five</xml>").knowing(4));
    assertThat(view().snapshot()).contains(xml(5, "<xml>five</xml>"));
    assertThat(view().tail()).isEmpty();

    append(Edit.none(INTRO).showing("<xml>blind</xml>").knowing(4));
    assertThat(view().snapshot()).contains(xml(5, "<xml>five</xml>"));

    append(Edit.none(INTRO).showing("<xml>tidy</xml>").knowing(5));
    assertThat(view().snapshot()).contains(xml(5, "<xml>tidy</xml>"));
  }

  @Test
  default void the_workspace_of_a_refused_commit_is_not_adopted() {
    append(Edit.of(INTRO).showing("<xml>one</xml>").under(2));
    append(Edit.of(INTRO).showing("<xml>fenced</xml>").under(1));

    assertThat(view().snapshot()).contains(xml(1, "<xml>one</xml>"));
  }

  @Test
  default void a_workspace_is_kept_as_it_is() {
    String text =
        "<xml><field>'; DROP TABLE rooms; -- \\ \"$1\" :seq ? \r\n\t한글 👩‍🏫 é é</field></xml>";
    append(Edit.of(INTRO).showing(text));

    assertThat(view().snapshot()).contains(xml(1, text));
  }

  @Test
  default void a_workspace_may_be_as_large_as_the_domain_allows() {
    String text = "한".repeat(WorkspaceXml.MAX_LENGTH);
    String json = "{\"a\":\"" + "한".repeat(WorkspaceState.MAX_LENGTH - 8) + "\"}";
    append(Edit.of(INTRO).showing(text));

    assertThat(store(state(1, json))).isEqualTo(new Stored());

    assertThat(view().snapshot()).contains(xml(1, text));
    assertShows(any(), 1, json);
  }

  /** A09. */
  @Test
  default void a_state_may_be_a_chain_of_a_thousand_blocks() {
    String json =
        "{\"blocks\":[" + "{\"next\":{\"block\":".repeat(1_000) + "1" + "}}".repeat(1_000) + "]}";

    assertThat(store(state(0, json))).isEqualTo(new Stored());

    assertShows(any(), 0, json);
  }

  @Test
  default void a_state_is_kept_value_for_value() {
    String json = "{\"a\":[1,-2.50,true,null,\"\\\\한글👩‍🏫\\\"\"],\"bb\":{},\"cc\":[]}";

    store(state(0, json));

    assertShows(any(), 0, json);
  }

  @Test
  default void whoever_reads_both_forms_gets_the_newer_and_json_of_two_that_are_equally_new() {
    appendTimes(2, Edit.of(INTRO));
    store(state(1, "{\"n\":1}"));
    assertShows(any(), 1, "{\"n\":1}");
    assertThat(any().tail()).extracting(LoggedCommit::seq).isEqualTo(numbers(2, 2));

    store(xml(2, "<xml>two</xml>"));
    assertThat(any().snapshot()).contains(xml(2, "<xml>two</xml>"));
    assertThat(any().tail()).isEmpty();

    store(state(2, "{\"n\":2}"));
    assertShows(any(), 2, "{\"n\":2}");
    assertThat(view().snapshot()).contains(xml(2, "<xml>two</xml>"));
  }

  @Test
  default void whoever_reads_xml_only_gets_it_with_all_that_came_after() {
    append(Edit.of(INTRO).showing("<xml>one</xml>"));
    appendTimes(2, Edit.of(INTRO));
    store(state(3, "{\"n\":3}"));
    appendTimes(1, Edit.of(INTRO));

    assertThat(view().snapshot()).contains(xml(1, "<xml>one</xml>"));
    assertThat(view().tail()).extracting(LoggedCommit::seq).isEqualTo(numbers(2, 4));
    assertThat(any().tail()).extracting(LoggedCommit::seq).isEqualTo(numbers(4, 4));
  }

  @Test
  default void whoever_reads_xml_only_gets_the_whole_log_if_there_never_was_any() {
    appendTimes(3, Edit.of(INTRO));
    store(state(3, "{\"n\":3}"));

    assertThat(view().snapshot()).isEmpty();
    assertThat(view().tail()).hasSize(3);
    assertThat(any().tail()).isEmpty();
  }

  @Test
  default void a_snapshot_may_have_both_forms() {
    appendTimes(2, Edit.of(INTRO));

    store(both(2, "<xml>two</xml>", "{\"n\":2}"));

    assertThat(view().snapshot()).contains(xml(2, "<xml>two</xml>"));
    assertShows(any(), 2, "{\"n\":2}");
    assertThat(lag()).isEqualTo(new Lag(seq(2), seq(2), seq(2)));
  }

  /** A10. */
  @Test
  default void a_snapshot_that_is_older_than_the_newest_of_either_form_is_stale() {
    append(Edit.of(INTRO), Edit.of(INTRO), Edit.of(INTRO));
    store(state(2, "{\"n\":2}"));

    assertThat(store(state(1, "{\"n\":1}"))).isEqualTo(new Stale());
    assertThat(store(xml(1, "<xml>one</xml>"))).isEqualTo(new Stale());
    assertThat(store(both(1, "<xml>one</xml>", "{\"n\":1}"))).isEqualTo(new Stale());

    append(Edit.of(INTRO).showing("<xml>four</xml>"));
    assertThat(store(state(3, "{\"n\":3}"))).isEqualTo(new Stale());
    assertThat(lag()).isEqualTo(new Lag(seq(4), seq(4), seq(2)));
    assertThat(storage().workspaces().find(MAZE, seq(1))).isEmpty();
  }

  /** A10. */
  @Test
  default void a_snapshot_that_is_ahead_of_the_room_is_stale() {
    append(Edit.of(INTRO));

    assertThat(store(state(2, "{\"n\":2}"))).isEqualTo(new Stale());
    assertThat(store(xml(2, "<xml>two</xml>"))).isEqualTo(new Stale());
    assertThat(any().snapshot()).isEmpty();
  }

  @Test
  default void a_snapshot_of_the_same_number_takes_the_place_of_the_other() {
    append(Edit.of(INTRO).showing("<xml>one</xml>"));

    assertThat(store(xml(1, "<xml>again</xml>"))).isEqualTo(new Stored());
    assertThat(store(state(1, "{\"n\":1}"))).isEqualTo(new Stored());
    assertThat(store(state(1, "{\"n\":2}"))).isEqualTo(new Stored());

    assertThat(view().snapshot()).contains(xml(1, "<xml>again</xml>"));
    assertShows(any(), 1, "{\"n\":2}");
  }

  @Test
  default void each_room_has_its_own_snapshots() {
    store(xml(0, "<xml>maze</xml>"));

    assertThat(storage().workspaces().view(MUSIC, WorkspaceForm.XML).orElseThrow().snapshot())
        .isEmpty();
  }

  @Test
  default void the_lag_is_told_for_each_form() {
    append(Edit.of(INTRO).showing("<xml>one</xml>"));
    appendTimes(2, Edit.of(INTRO));
    store(state(2, "{\"n\":2}"));

    assertThat(lag()).isEqualTo(new Lag(seq(3), seq(1), seq(2)));
  }

  @Test
  default void of_every_hundred_numbers_the_last_snapshot_is_kept() {
    for (int first = 1; first <= 201; first += 50) {
      append(
          IntStream.range(first, first + 50)
              .mapToObj(n -> Edit.of(INTRO).showing("<xml>" + n + "</xml>"))
              .toArray(Edit[]::new));
    }
    store(state(250, "{\"n\":250}"));
    appendTimes(100, Edit.of(INTRO));
    store(state(350, "{\"n\":350}"));

    assertThat(entries(1_000, 10))
        .extracting(Entry::seq)
        .containsExactly(seq(350), seq(250), seq(199), seq(99));
    assertThat(storage().workspaces().find(MAZE, seq(199))).contains(xml(199, "<xml>199</xml>"));
    assertThat(storage().workspaces().find(MAZE, seq(198))).isEmpty();
    assertThat(storage().workspaces().find(MAZE, seq(200))).isEmpty();
  }

  @Test
  default void snapshots_are_listed_from_the_newest_down_and_at_most_so_many() {
    for (int hundred = 1; hundred <= 4; hundred++) {
      appendTimes(99, Edit.of(INTRO));
      append(Edit.of(INTRO).showing("<xml>" + hundred + "</xml>"));
    }
    store(state(400, "{\"n\":400}"));

    assertThat(entries(401, 10))
        .extracting(Entry::seq)
        .containsExactly(seq(400), seq(300), seq(200), seq(100));
    assertThat(entries(400, 2)).extracting(Entry::seq).containsExactly(seq(300), seq(200));
    assertThat(entries(100, 2)).isEmpty();
    assertThat(entries(401, 1))
        .extracting(Entry::hasXml, Entry::hasState)
        .containsExactly(tuple(true, true));
    assertThat(entries(400, 1))
        .extracting(Entry::hasXml, Entry::hasState)
        .containsExactly(tuple(true, false));
  }

  @Test
  default void a_listed_snapshot_has_the_moment_at_which_the_later_form_was_stored() {
    Appended first = (Appended) append(Edit.of(INTRO).showing("<xml/>")).getFirst();
    Entry before = entries(2, 1).getFirst();

    store(state(1, "{\"n\":1}"));

    assertThat(before.at()).isAfterOrEqualTo(first.at());
    assertThat(entries(2, 1).getFirst().at()).isAfter(before.at());
  }

  @Test
  default void a_kept_snapshot_is_found_in_all_its_forms() {
    append(Edit.of(INTRO).showing("<xml>one</xml>"));
    store(state(1, "{\"n\":1}"));

    WorkspaceSnapshot found = storage().workspaces().find(MAZE, seq(1)).orElseThrow();

    assertThat(found.seq()).isEqualTo(seq(1));
    assertThat(found.xml()).contains(new WorkspaceXml("<xml>one</xml>"));
    assertThat(found.state().map(WorkspacesContract::dense)).contains("{\"n\":1}");
    assertThat(storage().workspaces().find(MAZE, seq(0))).isEmpty();
    assertThat(storage().workspaces().find(MAZE, seq(2))).isEmpty();
  }

  /** I5. */
  @Test
  default void a_view_is_of_one_moment_however_much_is_committed_meanwhile() {
    AtOnce.call(
        12,
        n -> {
          BlockId mine = new BlockId("b" + n);
          SequenceNumber known = SequenceNumber.NONE;
          for (int i = 0; i < 20; i++) {
            SequenceNumber stored =
                seq(
                    append(n % 3 == 0 ? Edit.of(mine).showing("<xml/>") : Edit.of(mine))
                        .getFirst());
            WorkspaceView view = view();
            assertThat(view.tail())
                .extracting(LoggedCommit::seq)
                .isEqualTo(numbers(view.snapshotSeq().value() + 1, view.seq().value()));
            assertThat(view.seq().includes(stored) && view.seq().includes(known)).isTrue();
            known = view.seq();
          }
          return known;
        });
  }

  @Test
  default void snapshots_that_are_stored_at_once_leave_the_newest() {
    appendTimes(64, Edit.of(INTRO));

    List<Boolean> kept =
        AtOnce.call(64, n -> store(state(n + 1, "{\"n\":" + n + "}")).equals(new Stored()));

    assertThat(kept).last().isEqualTo(true);
    assertShows(any(), 64, "{\"n\":63}");
  }

  @Test
  default void every_method_of_workspaces_throws_when_the_storage_does_not_answer() {
    Workspaces lost = lostStorage().workspaces();

    assertUnavailable(
        () -> lost.view(MAZE, WorkspaceForm.XML),
        () -> lost.view(MAZE, WorkspaceForm.ANY),
        () -> lost.store(MAZE, xml(0, "<xml/>")),
        () -> lost.lag(MAZE),
        () -> lost.list(MAZE, seq(1), 1),
        () -> lost.find(MAZE, seq(1)));
  }

  private WorkspaceView any() {
    return storage().workspaces().view(MAZE, WorkspaceForm.ANY).orElseThrow();
  }

  private Workspaces.SnapshotOutcome store(WorkspaceSnapshot snapshot) {
    return storage().workspaces().store(MAZE, snapshot);
  }

  private Lag lag() {
    return storage().workspaces().lag(MAZE).orElseThrow();
  }

  private List<Entry> entries(long below, int limit) {
    return storage().workspaces().list(MAZE, seq(below), limit);
  }

  private static void assertShows(WorkspaceView view, long seq, String json) {
    WorkspaceSnapshot shown = view.snapshot().orElseThrow();
    assertThat(shown.seq()).isEqualTo(seq(seq));
    assertThat(shown.xml()).isEmpty();
    assertThat(shown.state().map(WorkspacesContract::dense)).contains(json);
  }

  /** A storage may write a state with more blanks; none of those here has any in a text. */
  static String dense(WorkspaceState state) {
    return state.json().replace(" ", "");
  }

  static WorkspaceSnapshot xml(long seq, String text) {
    return WorkspaceSnapshot.of(seq(seq), new WorkspaceXml(text));
  }

  static WorkspaceSnapshot state(long seq, String json) {
    return WorkspaceSnapshot.of(seq(seq), new WorkspaceState(json));
  }

  static WorkspaceSnapshot both(long seq, String text, String json) {
    return new WorkspaceSnapshot(
        seq(seq), Optional.of(new WorkspaceXml(text)), Optional.of(new WorkspaceState(json)));
  }
}
