package io.blockroom.application.port.out;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.Commit;
import io.blockroom.domain.commit.EditEvents;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What every {@link Workspaces} keeps to. */
public interface WorkspacesContract {
  RoomId MAZE = new RoomId("maze");
  RoomId MUSIC = new RoomId("music");
  RoomId NOWHERE = new RoomId("nowhere");
  ClientId ADA = new ClientId("ada");
  BlockId INTRO = new BlockId("intro");
  EditEvents EVENTS =
      new EditEvents("[{\"type\":\"move\",\"blockId\":\"intro\"}]", Set.of(INTRO), false);

  /** Workspaces without any commit; of the rooms only {@link #MAZE} and {@link #MUSIC} exist. */
  Workspaces workspaces();

  /** Workspaces whose storage is there but does not answer. */
  Workspaces workspacesOfLostStorage();

  @Test
  default void a_room_without_commits_has_no_state() {
    assertThat(workspaces().newest(MAZE)).isEmpty();
  }

  @Test
  default void a_room_that_does_not_exist_has_no_state() {
    assertThat(workspaces().newest(NOWHERE)).isEmpty();
  }

  @Test
  default void commits_that_carry_no_workspace_leave_no_state() {
    workspaces().store(MAZE, edit());

    assertThat(workspaces().newest(MAZE)).isEmpty();
  }

  @Test
  default void commits_with_events_are_numbered_from_one() {
    assertThat(IntStream.range(0, 5).mapToObj(n -> workspaces().store(MAZE, edit())))
        .containsExactlyElementsOf(numbers(1, 5));
  }

  @Test
  default void each_room_counts_its_own_commits() {
    workspaces().store(MAZE, edit());
    workspaces().store(MAZE, edit());

    assertThat(workspaces().store(MUSIC, edit())).isEqualTo(new SequenceNumber(1));
    assertThat(workspaces().store(MAZE, edit())).isEqualTo(new SequenceNumber(3));
  }

  @Test
  default void a_commit_without_events_gets_the_current_number() {
    workspaces().store(MAZE, edit());

    assertThat(workspaces().store(MAZE, release())).isEqualTo(new SequenceNumber(1));
    assertThat(workspaces().store(MAZE, withoutEvents("<xml/>"))).isEqualTo(new SequenceNumber(1));
    assertThat(workspaces().store(MAZE, edit())).isEqualTo(new SequenceNumber(2));
  }

  @Test
  default void before_the_first_commit_the_current_number_is_none() {
    assertThat(workspaces().store(MAZE, withoutEvents("<xml/>"))).isEqualTo(SequenceNumber.NONE);

    assertThat(workspaces().newest(MAZE)).contains(snapshot(0, "<xml/>"));
  }

  @Test
  default void the_workspace_of_a_commit_becomes_the_newest_state_as_of_its_number() {
    workspaces().store(MAZE, edit("<xml>one</xml>"));
    workspaces().store(MAZE, edit("<xml>two</xml>"));

    assertThat(workspaces().newest(MAZE)).contains(snapshot(2, "<xml>two</xml>"));
    assertThat(workspaces().newest(MUSIC)).isEmpty();
  }

  @Test
  default void the_workspace_of_a_commit_without_events_becomes_the_newest_state_too() {
    workspaces().store(MAZE, edit("<xml>one</xml>"));
    workspaces().store(MAZE, withoutEvents("<xml>tidied</xml>"));

    assertThat(workspaces().newest(MAZE)).contains(snapshot(1, "<xml>tidied</xml>"));
  }

  @Test
  default void a_commit_that_carries_no_workspace_leaves_the_newest_state_as_it_was() {
    workspaces().store(MAZE, edit("<xml>one</xml>"));
    workspaces().store(MAZE, edit());
    workspaces().store(MAZE, release());

    assertThat(workspaces().newest(MAZE)).contains(snapshot(1, "<xml>one</xml>"));
  }

  @Test
  default void a_workspace_is_kept_as_it_is() {
    String text =
        "<xml><field>'; DROP TABLE rooms; -- \\ \"$1\" :seq ? \r\n\t한글 👩‍🏫 é é</field></xml>";
    workspaces().store(MAZE, edit(text));

    assertThat(workspaces().newest(MAZE)).contains(snapshot(1, text));
  }

  @Test
  default void a_workspace_may_be_as_large_as_the_domain_allows() {
    String text = "한".repeat(WorkspaceXml.MAX_LENGTH);
    workspaces().store(MAZE, edit(text));

    assertThat(workspaces().newest(MAZE)).contains(snapshot(1, text));
  }

  @Test
  default void many_callers_get_the_numbers_without_gap_or_repeat() {
    List<List<SequenceNumber>> perCaller =
        AtOnce.call(
            32,
            n -> IntStream.range(0, 8).mapToObj(i -> workspaces().store(MAZE, edit())).toList());

    assertThat(perCaller).allSatisfy(numbers -> assertThat(numbers).isSorted());
    assertThat(perCaller.stream().flatMap(List::stream))
        .containsExactlyInAnyOrderElementsOf(numbers(1, 32 * 8));
  }

  @Test
  default void of_many_states_the_one_with_the_highest_number_is_the_newest() {
    Map<SequenceNumber, String> stored =
        AtOnce.call(32, n -> Map.entry(workspaces().store(MAZE, edit(xml(n))), xml(n))).stream()
            .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));

    SequenceNumber last = new SequenceNumber(32);
    assertThat(workspaces().newest(MAZE))
        .contains(snapshot(last.value(), stored.getOrDefault(last, "nothing")));
  }

  @Test
  default void number_and_state_are_stored_together_and_the_newest_state_never_gets_older() {
    List<List<WorkspaceSnapshot>> seen =
        AtOnce.call(
            16,
            n ->
                IntStream.range(0, 8)
                    .mapToObj(i -> {
                      SequenceNumber mine = workspaces().store(MAZE, edit(xml(n * 8 + i)));
                      WorkspaceSnapshot newest = workspaces().newest(MAZE).orElseThrow();
                      assertThat(newest.seq().includes(mine)).isTrue();
                      return newest;
                    })
                    .toList());

    assertThat(seen)
        .allSatisfy(states -> assertThat(states).extracting(WorkspaceSnapshot::seq).isSorted());
    Map<SequenceNumber, WorkspaceSnapshot> oneStatePerNumber =
        seen.stream()
            .flatMap(List::stream)
            .distinct()
            .collect(toMap(WorkspaceSnapshot::seq, identity()));
    assertThat(oneStatePerNumber).isNotEmpty();
  }

  @Test
  default void a_commit_to_a_room_that_does_not_exist_is_refused_and_leaves_nothing() {
    for (Commit commit : List.of(edit("<xml/>"), edit(), withoutEvents("<xml/>"), release())) {
      assertThatThrownBy(() -> workspaces().store(NOWHERE, commit))
          .isInstanceOf(IllegalArgumentException.class);
    }

    assertThat(workspaces().newest(NOWHERE)).isEmpty();
  }

  @Test
  default void reading_throws_within_5_s_when_the_storage_does_not_answer() {
    Workspaces lost = workspacesOfLostStorage();

    assertTimeout(
        Duration.ofSeconds(5),
        () -> assertThatThrownBy(() -> lost.newest(MAZE)).isInstanceOf(StorageUnavailable.class));
  }

  @Test
  default void storing_throws_within_5_s_when_the_storage_does_not_answer() {
    Workspaces lost = workspacesOfLostStorage();

    assertTimeout(
        Duration.ofSeconds(5),
        () ->
            assertThatThrownBy(() -> lost.store(MAZE, edit("<xml/>")))
                .isInstanceOf(StorageUnavailable.class));
  }

  /** An edit whose author sent no workspace. */
  static Commit edit() {
    return commit(Optional.empty(), EVENTS);
  }

  /** An edit whose author sent the workspace too. */
  static Commit edit(String workspace) {
    return commit(Optional.of(new WorkspaceXml(workspace)), EVENTS);
  }

  /** A workspace without an edit. */
  static Commit withoutEvents(String workspace) {
    return commit(Optional.of(new WorkspaceXml(workspace)), EditEvents.NONE);
  }

  /** Neither an edit nor a workspace. */
  static Commit release() {
    return commit(Optional.empty(), EditEvents.NONE);
  }

  private static Commit commit(Optional<WorkspaceXml> workspace, EditEvents events) {
    return new Commit(ADA, INTRO, events, workspace, Set.of());
  }

  private static WorkspaceSnapshot snapshot(long seq, String workspace) {
    return new WorkspaceSnapshot(new SequenceNumber(seq), new WorkspaceXml(workspace));
  }

  private static String xml(int n) {
    return "<xml>" + n + "</xml>";
  }

  private static List<SequenceNumber> numbers(long first, long last) {
    return LongStream.rangeClosed(first, last).mapToObj(SequenceNumber::new).toList();
  }
}
