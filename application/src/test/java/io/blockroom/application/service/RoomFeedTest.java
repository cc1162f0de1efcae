package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Color;
import io.blockroom.domain.participant.Nickname;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.RoomChange;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomEvent.BlockLocked;
import io.blockroom.domain.room.RoomEvent.BlockReleased;
import io.blockroom.domain.room.RoomEvent.CommitApplied;
import io.blockroom.domain.room.RoomEvent.ParticipantJoined;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RoomFeedTest {
  private static final RoomId ROOM = new RoomId("maze");
  private static final ClientId ADA = new ClientId("ada");
  private static final ClientId BOB = new ClientId("bob");
  private static final Participant ADA_HERSELF =
      new Participant(ADA, new Nickname("Ada"), Color.ofPalette(0));
  private static final BlockId B1 = new BlockId("b1");
  private static final BlockId B2 = new BlockId("b2");

  private final RoomFeed feed = new RoomFeed();
  private final RecordingFollower ada = new RecordingFollower();
  private final RecordingFollower bob = new RecordingFollower();

  @Test
  void a_newcomer_is_told_the_state_first_and_then_only_what_it_does_not_show() {
    feed.enter(ADA, ada);
    feed.changed(change(7, new BlockLocked(B1, BOB)));
    feed.changed(change(8, new BlockReleased(B1)));
    assertThat(ada.heard()).isEmpty();

    feed.welcome(ADA, view(7), Optional.empty(), true);
    feed.changed(change(9, new BlockLocked(B2, BOB)));

    assertThat(ada.heard()).containsExactly("state [] []", "released b1", "locked b2");
  }

  @Test
  void a_newcomer_is_not_told_late_what_the_state_showed_already() {
    feed.enter(ADA, ada);
    feed.welcome(ADA, view(7), Optional.empty(), true);

    feed.changed(change(6, new BlockLocked(B1, BOB)));
    feed.changed(change(7, new ParticipantJoined(ADA_HERSELF)));
    feed.changed(change(8, new BlockReleased(B1)));

    assertThat(ada.heard()).containsExactly("state [] []", "released b1");
  }

  @Test
  void nobody_is_told_of_their_own_arrival() {
    follow(ADA, ada, 1);
    follow(BOB, bob, 1);

    feed.changed(change(2, new ParticipantJoined(ADA_HERSELF)));

    assertThat(ada.heard()).doesNotContain("joined Ada");
    assertThat(bob.heard()).contains("joined Ada");
  }

  @Test
  void a_change_that_comes_twice_is_told_once() {
    follow(ADA, ada, 1);

    feed.changed(change(2, new BlockLocked(B1, BOB)));
    feed.changed(change(2, new BlockLocked(B1, BOB)));

    assertThat(ada.heard()).containsExactly("state [] []", "locked b1");
  }

  @Test
  void a_commit_that_the_snapshot_contains_is_not_told_again() {
    feed.enter(ADA, ada);
    feed.welcome(ADA, view(7), snapshot(3), true);

    feed.changed(change(8, commit(3)));
    feed.changed(change(9, commit(4)));

    assertThat(ada.heard()).containsExactly("state [] [] <xml/>", "commit b1 4");
  }

  @Test
  void a_commit_without_events_is_always_told() {
    feed.enter(ADA, ada);
    feed.welcome(ADA, view(7), snapshot(3), true);

    feed.changed(change(8, commit(0)));

    assertThat(ada.heard()).containsExactly("state [] [] <xml/>", "commit b1 0");
  }

  @Test
  void an_answer_waits_for_what_led_to_it() {
    follow(ADA, ada, 1);
    feed.changed(change(2, new BlockLocked(B1, BOB)));

    feed.after(new Revision(3), () -> ada.note("denied"));
    assertThat(ada.heard()).doesNotContain("denied");
    feed.changed(change(3, new BlockLocked(B2, BOB)));

    assertThat(ada.heard()).containsExactly("state [] []", "locked b1", "locked b2", "denied");
  }

  @Test
  void an_answer_to_what_has_been_told_comes_at_once() {
    follow(ADA, ada, 1);
    feed.changed(change(2, new BlockLocked(B1, BOB)));

    feed.after(new Revision(2), () -> ada.note("denied"));

    assertThat(ada.heard()).endsWith("denied");
  }

  @Test
  void
      an_answer_whose_broadcast_was_lost_comes_at_the_second_look_and_everybody_counts_as_misled() {
    follow(ADA, ada, 1);
    follow(BOB, bob, 1);
    feed.after(new Revision(9), () -> ada.note("denied"));

    feed.expedite();
    assertThat(ada.heard()).doesNotContain("denied");
    assertThat(feed.misled()).isEmpty();
    feed.expedite();

    assertThat(ada.heard()).endsWith("denied");
    assertThat(feed.misled()).containsExactlyInAnyOrder(ADA, BOB);
    assertThat(feed.misled()).isEmpty();
  }

  @Test
  void a_jump_in_the_revisions_means_that_everybody_is_misled() {
    follow(ADA, ada, 1);
    feed.changed(change(2, new BlockLocked(B1, BOB)));

    feed.changed(change(4, new BlockLocked(B2, BOB)));

    assertThat(feed.misled()).containsExactly(ADA);
  }

  @Test
  void somebody_who_is_shown_the_room_again_hears_first_what_came_before_it_and_then_the_rest() {
    follow(ADA, ada, 1);
    feed.changed(change(2, new BlockLocked(B1, BOB)));
    ada.forget();

    assertThat(feed.hold(ADA)).isTrue();
    feed.changed(change(3, commit(1)));
    feed.welcome(ADA, view(4), snapshot(0), false);
    assertThat(ada.heard()).isEmpty();
    feed.changed(change(4, new BlockReleased(B1)));
    feed.changed(change(5, new BlockLocked(B2, BOB)));

    assertThat(ada.heard())
        .containsExactly("commit b1 1", "released b1", "state [] [] <xml/>", "locked b2");
  }

  @Test
  void giving_up_showing_the_room_again_tells_what_was_held_back() {
    follow(ADA, ada, 1);
    feed.hold(ADA);
    feed.changed(change(2, new BlockLocked(B1, BOB)));

    feed.resume(ADA);

    assertThat(ada.heard()).containsExactly("state [] []", "locked b1");
  }

  @Test
  void a_stored_commit_that_nobody_was_told_of_leaves_everybody_unaware() {
    feed.enter(ADA, ada);
    feed.welcome(ADA, view(1), snapshot(3), true);
    feed.changed(change(2, commit(4)));

    assertThat(feed.unawareOf(snapshot(4).orElseThrow())).isEmpty();
    assertThat(feed.unawareOf(snapshot(5).orElseThrow())).containsExactly(ADA);
  }

  private void follow(ClientId clientId, RecordingFollower follower, long revision) {
    feed.enter(clientId, follower);
    feed.welcome(clientId, view(revision), Optional.empty(), true);
  }

  private static RoomView view(long revision) {
    return new RoomView(new Revision(revision), List.of(), Map.of());
  }

  private static Optional<WorkspaceSnapshot> snapshot(long seq) {
    return Optional.of(new WorkspaceSnapshot(new SequenceNumber(seq), new WorkspaceXml("<xml/>")));
  }

  private static CommitApplied commit(long seq) {
    return new CommitApplied(new SequenceNumber(seq), BOB, B1, "[]", Optional.empty());
  }

  private static RoomChange change(long revision, RoomEvent event) {
    return new RoomChange(ROOM, new Revision(revision), List.of(event));
  }
}
