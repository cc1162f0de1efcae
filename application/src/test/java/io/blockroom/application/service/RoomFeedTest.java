package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.port.in.RoomFollower;
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
  private static final ClientId CAT = new ClientId("cat");
  private static final Participant ADA_HERSELF =
      new Participant(ADA, new Nickname("Ada"), Color.ofPalette(0));
  private static final BlockId B1 = new BlockId("b1");
  private static final BlockId B2 = new BlockId("b2");

  private final RoomFeed feed = new RoomFeed();
  private final RecordingFollower ada = new RecordingFollower();
  private final RecordingFollower bob = new RecordingFollower();
  private final RecordingFollower cat = new RecordingFollower();

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
  void an_author_is_told_of_their_commit_though_the_state_they_were_shown_contains_it() {
    follow(BOB, bob, 1);
    feed.changed(change(2, new BlockLocked(B1, BOB)));
    bob.forget();

    feed.hold(BOB);
    feed.welcome(BOB, view(2), snapshot(3), false);
    feed.changed(change(3, commit(3)));

    assertThat(bob.heard()).containsExactly("state [] [] <xml/>", "commit b1 3");
  }

  @Test
  void somebody_who_is_not_let_in_hears_nothing_of_the_room() {
    follow(BOB, bob, 1);
    feed.enter(ADA, ada);
    feed.changed(change(2, new BlockLocked(B1, BOB)));

    feed.leave(ADA);

    assertThat(ada.heard()).isEmpty();
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

    feed.after(ADA, new Revision(3), () -> ada.note("denied"));
    assertThat(ada.heard()).doesNotContain("denied");
    feed.changed(change(3, new BlockLocked(B2, BOB)));

    assertThat(ada.heard()).containsExactly("state [] []", "locked b1", "locked b2", "denied");
  }

  @Test
  void an_answer_to_what_has_been_told_comes_at_once() {
    follow(ADA, ada, 1);
    feed.changed(change(2, new BlockLocked(B1, BOB)));

    feed.after(ADA, new Revision(2), () -> ada.note("denied"));

    assertThat(ada.heard()).endsWith("denied");
  }

  @Test
  void
      an_answer_whose_broadcast_was_lost_comes_at_the_second_look_and_everybody_counts_as_misled() {
    follow(ADA, ada, 1);
    follow(BOB, bob, 1);
    feed.after(ADA, new Revision(9), () -> ada.note("denied"));

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

  @Test
  void an_answer_waits_behind_what_is_held_back_for_the_asker() {
    follow(ADA, ada, 1);
    feed.hold(ADA);
    feed.changed(change(2, new BlockReleased(B1)));

    feed.after(ADA, new Revision(2), () -> ada.note("granted again"));
    assertThat(ada.heard()).containsExactly("state [] []");
    feed.welcome(ADA, view(1), Optional.empty(), false);

    assertThat(ada.heard())
        .containsExactly("state [] []", "state [] []", "released b1", "granted again");
  }

  @Test
  void an_answer_that_the_shown_state_led_to_comes_before_that_state() {
    follow(ADA, ada, 1);
    feed.hold(ADA);
    feed.changed(change(2, new BlockLocked(B1, BOB)));
    feed.after(ADA, new Revision(2), () -> ada.note("denied"));

    feed.welcome(ADA, view(2), Optional.empty(), false);

    assertThat(ada.heard()).containsExactly("state [] []", "locked b1", "denied", "state [] []");
  }

  @Test
  void somebody_who_leaves_gets_the_answers_that_are_due_exactly_once() {
    follow(ADA, ada, 1);
    follow(BOB, bob, 1);
    feed.hold(ADA);
    feed.changed(change(2, new BlockLocked(B1, BOB)));
    feed.after(ADA, new Revision(2), () -> ada.note("held back"));
    feed.after(ADA, new Revision(9), () -> ada.note("waiting"));

    feed.leave(ADA);
    feed.leave(BOB);
    feed.after(ADA, new Revision(9), () -> ada.note("late"));

    assertThat(ada.heard())
        .containsExactly("state [] []", "locked b1", "held back", "waiting", "late");
  }

  @Test
  void a_follower_that_throws_loses_its_seat_and_the_others_hear_everything() {
    follow(CAT, new ThrowingFollower(cat), 1);
    follow(ADA, ada, 1);

    feed.changed(change(2, new BlockLocked(B1, BOB)));
    feed.changed(change(3, new BlockReleased(B1)));

    assertThat(cat.heard()).containsExactly("state [] []", "seat lost");
    assertThat(ada.heard()).containsExactly("state [] []", "locked b1", "released b1");
  }

  @Test
  void an_answer_that_throws_spoils_no_other_answer() {
    follow(CAT, cat, 1);
    follow(ADA, ada, 1);
    feed.after(
        CAT,
        new Revision(2),
        () -> {
          throw new IllegalStateException("on purpose");
        });
    feed.after(ADA, new Revision(2), () -> ada.note("denied"));

    feed.changed(change(2, new BlockLocked(B1, BOB)));

    assertThat(ada.heard()).containsExactly("state [] []", "locked b1", "denied");
    assertThat(cat.heard()).containsExactly("state [] []", "locked b1", "seat lost");
  }

  @Test
  void somebody_whose_seat_is_lost_is_told_nothing_further() {
    follow(ADA, ada, 1);

    feed.loseSeats();
    feed.loseSeats();
    feed.changed(change(2, new BlockLocked(B1, BOB)));
    feed.welcome(ADA, view(2), Optional.empty(), false);

    assertThat(ada.heard()).containsExactly("state [] []", "seat lost");
  }

  @Test
  void a_jump_right_behind_the_state_misleads_the_newcomer_alone() {
    follow(BOB, bob, 1);
    feed.changed(change(2, new BlockLocked(B1, BOB)));
    feed.changed(change(3, new BlockReleased(B1)));
    feed.enter(ADA, ada);
    feed.changed(change(4, new BlockLocked(B1, BOB)));

    feed.welcome(ADA, view(2), Optional.empty(), true);

    assertThat(feed.misled()).containsExactly(ADA);
  }

  @Test
  void a_change_lost_before_the_first_that_is_heard_is_noticed() {
    follow(ADA, ada, 1);

    feed.changed(change(3, new BlockLocked(B1, BOB)));

    assertThat(feed.misled()).containsExactly(ADA);
  }

  @Test
  void a_change_lost_while_the_state_is_fetched_is_noticed() {
    follow(ADA, ada, 1);
    feed.hold(ADA);
    feed.changed(change(2, new BlockLocked(B1, BOB)));
    feed.changed(change(4, new BlockLocked(B2, BOB)));
    feed.welcome(ADA, view(1), Optional.empty(), false);

    assertThat(feed.misled()).containsExactly(ADA);
  }

  @Test
  void a_revision_that_is_never_heard_means_that_everybody_is_misled() {
    follow(ADA, ada, 1);
    feed.changed(change(2, new BlockLocked(B1, BOB)));

    feed.expect(new Revision(3));
    feed.expedite();
    feed.expedite();

    assertThat(feed.misled()).containsExactly(ADA);
  }

  @Test
  void what_was_waited_for_in_vain_is_not_waited_for_again_and_told_if_it_comes_after_all() {
    follow(ADA, ada, 1);
    feed.expect(new Revision(3));
    feed.expedite();
    feed.expedite();

    feed.after(ADA, new Revision(3), () -> ada.note("denied"));
    feed.changed(change(2, new BlockLocked(B1, BOB)));
    feed.changed(change(3, new BlockReleased(B1)));

    assertThat(ada.heard()).containsExactly("state [] []", "denied", "locked b1", "released b1");
  }

  @Test
  void a_jump_in_the_numbers_of_commits_raises_a_doubt_that_a_newer_state_resolves() {
    feed.enter(ADA, ada);
    feed.welcome(ADA, view(1), snapshot(3), true);

    feed.changed(change(2, commit(5)));

    assertThat(feed.takeDoubt()).isTrue();
    assertThat(feed.takeDoubt()).isFalse();
    assertThat(feed.unawareOf(snapshot(4).orElseThrow())).isEmpty();
    assertThat(feed.unawareOf(snapshot(5).orElseThrow())).containsExactly(ADA);
  }

  @Test
  void whoever_was_shown_the_stored_state_is_not_unaware_of_it_any_more() {
    feed.enter(ADA, ada);
    feed.welcome(ADA, view(1), snapshot(3), true);
    feed.changed(change(2, new BlockLocked(B1, BOB)));

    feed.hold(ADA);
    feed.welcome(ADA, view(2), snapshot(4), false);

    assertThat(feed.unawareOf(snapshot(4).orElseThrow())).isEmpty();
  }

  private void follow(ClientId clientId, RoomFollower follower, long revision) {
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

  /** Fails at every event. */
  private record ThrowingFollower(RecordingFollower rest) implements RoomFollower {
    @Override
    public void welcome(RoomState state) {
      rest.welcome(state);
    }

    @Override
    public void happened(RoomEvent event) {
      throw new IllegalStateException("on purpose");
    }

    @Override
    public void seatLost() {
      rest.seatLost();
    }
  }
}
