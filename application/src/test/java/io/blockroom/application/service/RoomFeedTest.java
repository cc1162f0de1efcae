package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.port.in.RoomFollower;
import io.blockroom.application.port.in.RoomFollower.Cause;
import io.blockroom.application.port.in.RoomFollower.Occasion;
import io.blockroom.application.port.out.CommitLog.Excerpt;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.lock.Grant;
import io.blockroom.domain.lock.ReleaseReason;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Color;
import io.blockroom.domain.participant.Nickname;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomChange;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomEvent.BlockLocked;
import io.blockroom.domain.room.RoomEvent.BlockReleased;
import io.blockroom.domain.room.RoomEvent.CommitApplied;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;
import io.blockroom.domain.snapshot.WorkspaceForm;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import io.blockroom.domain.snapshot.WorkspaceView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Nobody is told anything twice, out of order or not at all, whatever way it takes. */
class RoomFeedTest {
  private static final Room ROOM = Room.opened(new RoomId("maze"), 10, Instant.EPOCH);
  private static final Epoch EPOCH = new Epoch("first");
  private static final Epoch NEXT_EPOCH = new Epoch("second");
  private static final Participant ADA = participant("ada", "Ada");
  private static final Participant BOB = participant("bob", "Bob");
  private static final Participant CAT = participant("cat", "Cat");
  private static final BlockId B1 = new BlockId("b1");
  private static final BlockId B2 = new BlockId("b2");

  private final RoomFeed feed = new RoomFeed(new CommitLane(), Duration.ofSeconds(10));
  private final RecordingFollower ada = RecordingFollower.ofV1();
  private final RecordingFollower bob = RecordingFollower.ofV1();
  private final RecordingFollower cat = RecordingFollower.ofSeed();

  /** Who comes in is told the state, and then what it does not show. */
  @Nested
  class Showing {
    @Test
    void the_state_comes_first_and_then_only_what_it_does_not_show() {
      feed.enter(ADA, ada, 1);
      change(7, locked(B1, BOB, 1));
      change(8, locked(B2, BOB, 2));
      assertThat(ada.heard()).isEmpty();

      show(ADA, ada, 7, 0);
      change(9, released(B2));

      assertThat(ada.heard()).containsExactly("state [] [b2]", "released b2, released");
    }

    @Test
    void what_comes_late_though_the_state_showed_it_is_not_told() {
      feed.enter(ADA, ada, 1);
      show(ADA, ada, 7, 0);

      change(6, locked(B1, BOB, 1));
      change(7, new RoomEvent.ParticipantJoined(ADA));
      change(8, released(B1));

      assertThat(ada.heard()).containsExactly("state [] []", "released b1, released");
    }

    @Test
    void the_state_of_who_comes_second_waits_until_the_feed_has_come_so_far() {
      follow(ADA, ada, 1, 0);
      feed.enter(BOB, bob, 1);
      show(BOB, bob, 3, 0);
      change(2, locked(B1, CAT, 1));
      assertThat(bob.heard()).isEmpty();

      change(3, new RoomEvent.ParticipantJoined(BOB));
      change(4, released(B1));

      assertThat(bob.heard()).containsExactly("state [] [b1]", "released b1, released");
      assertThat(ada.heard()).contains("joined Bob");
    }

    @Test
    void a_state_that_lacks_commits_which_nobody_here_was_told_is_owed_again() {
      feed.enter(ADA, ada, 1);
      feed.enter(BOB, bob, 1);
      show(BOB, bob, 2, 5);
      show(ADA, ada, 1, 3); // fetched before, shown behind

      change(3, commit(6, BOB));

      assertThat(bob.heard()).containsExactly("state [] []", "commit b1 6");
      assertThat(ada.heard()).containsExactly("state [] []");
      assertThat(feed.takeOwed()).isEqualTo(Map.of(ADA.clientId(), Cause.GAP));
    }

    @Test
    void a_commit_that_the_state_contains_is_not_told_again() {
      follow(ADA, ada, 1, 3);

      change(2, commit(3, BOB));
      change(3, commit(4, BOB));

      assertThat(ada.heard()).containsExactly("state [] []", "commit b1 4");
    }

    @Test
    void who_fetched_an_older_state_than_the_feed_began_with_is_owed_another_one() {
      feed.enter(ADA, ada, 1);
      follow(BOB, bob, 2, 1);

      show(ADA, ada, 1, 0);
      change(3, commit(2, CAT));

      assertThat(ada.heard()).containsExactly("state [] []");
      assertThat(feed.takeOwed()).isEqualTo(Map.of(ADA.clientId(), Cause.GAP));
    }

    @Test
    void a_commit_that_is_told_while_the_state_is_fetched_is_told_behind_the_state() {
      follow(ADA, ada, 1, 0);
      feed.enter(BOB, bob, 1);
      change(2, new RoomEvent.ParticipantJoined(BOB));
      change(3, commit(1, ADA), commit(2, ADA));

      show(BOB, bob, 2, 1);

      assertThat(bob.heard()).containsExactly("state [] []", "commit b1 2");
    }

    @Test
    void an_author_who_reads_xml_only_is_told_of_their_commit_though_the_snapshot_has_it() {
      follow(CAT, cat, 1, 0);
      feed.prepareShowing(CAT.clientId());

      feed.showNow(CAT.clientId(), cat, snapshot(1), again(), Optional.empty());
      change(2, commit(1, CAT));

      assertThat(cat.heard())
          .containsExactly("state [] []", "again, refused [] [] <xml/>", "commit b1 1");
    }

    @Test
    void giving_up_showing_the_room_again_loses_nothing() {
      follow(ADA, ada, 1, 0);
      feed.prepareShowing(ADA.clientId());
      change(2, commit(1, BOB));

      feed.cancelShowing(ADA.clientId(), ada);
      change(3, commit(2, BOB));

      assertThat(ada.heard()).containsExactly("state [] []", "commit b1 1", "commit b1 2");
    }

    @Test
    void somebody_who_is_not_let_in_hears_nothing_of_the_room() {
      follow(BOB, bob, 1, 0);
      feed.enter(ADA, ada, 1);
      change(2, locked(B1, BOB, 1));

      feed.leave(ADA.clientId());

      assertThat(ada.heard()).isEmpty();
    }
  }

  /** Changes come in any order, or twice. */
  @Nested
  class Order {
    @Test
    void changes_are_told_in_the_order_of_their_revisions() {
      follow(ADA, ada, 1, 0);

      change(4, commit(0, BOB));
      change(3, released(B1));
      assertThat(ada.heard()).containsExactly("state [] []");
      change(2, locked(B1, BOB, 1));

      assertThat(ada.heard())
          .containsExactly("state [] []", "locked b1", "released b1, released", "commit b1 0");
    }

    @Test
    void a_change_that_comes_twice_is_told_once() {
      follow(ADA, ada, 1, 0);

      change(2, locked(B1, BOB, 1));
      change(2, locked(B1, BOB, 1));
      change(4, commit(0, BOB));
      change(4, commit(0, BOB));
      change(3, released(B1));

      assertThat(ada.heard())
          .containsExactly("state [] []", "locked b1", "released b1, released", "commit b1 0");
    }

    @Test
    void commits_that_two_servers_announce_in_the_other_order_are_told_in_that_of_their_numbers() {
      follow(ADA, ada, 1, 0);

      change(2, commit(2, BOB), released(B1));
      assertThat(ada.heard()).containsExactly("state [] []");
      change(3, commit(1, CAT), released(B2));

      assertThat(ada.heard())
          .containsExactly(
              "state [] []",
              "commit b1 1",
              "commit b1 2",
              "released b1, released",
              "released b2, released");
    }

    @Test
    void a_commit_that_is_announced_again_is_not_told_again_but_what_comes_with_it_is() {
      follow(ADA, ada, 1, 0);
      change(2, commit(1, BOB));

      change(3, commit(1, BOB), released(B1));

      assertThat(ada.heard())
          .containsExactly("state [] []", "commit b1 1", "released b1, released");
    }

    @Test
    void while_a_number_is_missing_nothing_behind_it_is_told() {
      follow(ADA, ada, 1, 0);

      change(2, commit(2, BOB));
      change(3, locked(B1, BOB, 1));

      assertThat(ada.heard()).containsExactly("state [] []");
      assertThat(feed.takeDoubt()).isTrue();
    }
  }

  /** What does not come is found in the coordination and in the log. */
  @Nested
  class Repair {
    @Test
    void a_commit_that_was_not_heard_is_told_from_the_log_and_what_waited_for_it_behind_it() {
      follow(ADA, ada, 1, 0);
      change(2, commit(2, BOB), released(B1));

      feed.reconcile(view(2), log(EPOCH, 1, 2));

      assertThat(ada.heard())
          .containsExactly("state [] []", "commit b1 1", "commit b1 2", "released b1, released");
    }

    @Test
    void what_changed_unheard_is_told_as_the_difference_releases_first() {
      follow(ADA, ada, 1, 0);
      change(2, locked(B1, BOB, 1));
      RoomView now =
          new RoomView(
              new Revision(9),
              List.of(CAT),
              Map.of(B1, new Grant(CAT.clientId(), new FencingToken(3))));

      feed.reconcile(now, log(EPOCH));

      assertThat(ada.heard())
          .containsExactly(
              "state [] []", "locked b1", "released b1, released", "joined Cat", "locked b1");
    }

    @Test
    void what_comes_after_the_looked_at_moment_is_told_behind_it() {
      follow(ADA, ada, 1, 0);
      change(5, locked(B2, BOB, 2));
      change(4, commit(0, BOB));

      feed.reconcile(view(3), log(EPOCH));

      assertThat(ada.heard()).containsExactly("state [] []", "commit b1 0", "locked b2");
    }

    @Test
    void what_comes_late_after_all_is_not_told_again() {
      follow(ADA, ada, 1, 0);
      feed.reconcile(view(3), log(EPOCH, 1));

      change(2, commit(1, BOB));
      change(3, released(B1));
      change(4, locked(B1, BOB, 1));

      assertThat(ada.heard()).containsExactly("state [] []", "commit b1 1", "locked b1");
    }

    @Test
    void while_the_log_cannot_be_read_locks_go_on_and_the_doubt_stays() {
      follow(ADA, ada, 1, 0);
      change(3, locked(B1, BOB, 1));
      feed.takeDoubt();

      feed.reconcile(view(2));

      assertThat(ada.heard()).containsExactly("state [] []", "locked b1");
      assertThat(feed.takeDoubt()).isTrue();
    }

    @Test
    void more_missed_commits_than_can_be_told_are_owed_as_a_state_and_told_no_more() {
      follow(ADA, ada, 1, 0);

      feed.reconcile(view(1), new Excerpt(Optional.of(EPOCH), seq(700), List.of(), true));
      change(2, commit(701, BOB));
      assertThat(feed.takeOwed()).isEqualTo(Map.of(ADA.clientId(), Cause.GAP));
      assertThat(ada.heard()).containsExactly("state [] []");

      feed.prepareShowing(ADA.clientId());
      change(3, commit(702, BOB));
      feed.showNow(ADA.clientId(), ada, workspace(701), again(), Optional.empty());

      assertThat(ada.heard())
          .containsExactly("state [] []", "again, refused [] []", "commit b1 702");
    }

    @Test
    void a_revision_that_is_never_heard_raises_a_doubt() {
      follow(ADA, ada, 1, 0);

      feed.expect(new Revision(2));

      assertThat(feed.takeDoubt()).isTrue();
      assertThat(feed.takeDoubt()).isFalse();
    }

    @Test
    void a_number_that_is_never_heard_raises_a_doubt() {
      follow(ADA, ada, 1, 0);

      feed.expect(seq(1));
      change(2, commit(1, BOB));
      assertThat(feed.takeDoubt()).isFalse();
      feed.expect(seq(2));

      assertThat(feed.takeDoubt()).isTrue();
    }

    @Test
    void an_answer_that_waits_too_long_raises_a_doubt() {
      follow(ADA, ada, 1, 0);
      feed.after(ADA.clientId(), new Revision(2), () -> ada.note("denied"));

      assertThat(feed.takeDoubt()).isFalse();
      assertThat(feed.takeDoubt()).isTrue();

      feed.reconcile(view(2), log(EPOCH));
      assertThat(ada.heard()).containsExactly("state [] []", "denied");
    }
  }

  /** The room's history is replaced. */
  @Nested
  class History {
    @Test
    void everybody_is_owed_the_new_state_once() {
      follow(ADA, ada, 1, 0);
      follow(CAT, cat, 1, 0);

      change(2, new RoomEvent.HistoryReplaced(NEXT_EPOCH, seq(5)));
      change(2, new RoomEvent.HistoryReplaced(NEXT_EPOCH, seq(5)));

      assertThat(feed.takeOwed())
          .isEqualTo(
              Map.of(ADA.clientId(), Cause.EPOCH_CHANGED, CAT.clientId(), Cause.EPOCH_CHANGED));
      assertThat(feed.takeOwed()).isEmpty();
    }

    @Test
    void commits_of_the_former_one_are_told_no_more_and_of_the_new_one_only_behind_its_state() {
      follow(ADA, ada, 1, 3);
      change(2, new RoomEvent.HistoryReplaced(NEXT_EPOCH, seq(6)));

      change(3, commit(4, BOB));
      change(4, commit(7, BOB));
      change(5, locked(B1, BOB, 1));
      feed.prepareShowing(ADA.clientId());
      feed.showNow(ADA.clientId(), ada, workspace(NEXT_EPOCH, 7), again(), Optional.empty());
      change(6, commit(8, BOB));

      assertThat(ada.heard())
          .containsExactly("state [] []", "locked b1", "again, refused [] [b1]", "commit b1 8");
    }

    @Test
    void it_is_found_in_the_log_too() {
      follow(ADA, ada, 1, 3);

      feed.reconcile(view(1), log(NEXT_EPOCH, 4, 5));

      assertThat(ada.heard()).containsExactly("state [] []");
      assertThat(feed.takeOwed()).isEqualTo(Map.of(ADA.clientId(), Cause.EPOCH_CHANGED));
    }

    @Test
    void who_is_shown_the_former_one_all_the_same_is_owed_the_new_one() {
      follow(ADA, ada, 1, 3);
      feed.enter(BOB, bob, 1);
      change(2, new RoomEvent.HistoryReplaced(NEXT_EPOCH, seq(6)));
      feed.takeOwed();

      show(BOB, bob, 1, 3);
      change(3, commit(7, ADA));

      assertThat(bob.heard()).containsExactly("state [] []");
      assertThat(feed.takeOwed()).isEqualTo(Map.of(BOB.clientId(), Cause.EPOCH_CHANGED));
    }
  }

  /** Answers keep to the room's order. */
  @Nested
  class Answers {
    @Test
    void an_answer_waits_for_what_led_to_it() {
      follow(ADA, ada, 1, 0);
      change(2, locked(B1, BOB, 1));

      feed.after(ADA.clientId(), new Revision(3), () -> ada.note("denied"));
      assertThat(ada.heard()).doesNotContain("denied");
      change(3, locked(B2, BOB, 2));

      assertThat(ada.heard()).containsExactly("state [] []", "locked b1", "locked b2", "denied");
    }

    @Test
    void an_answer_to_what_has_been_told_comes_at_once() {
      follow(ADA, ada, 1, 0);
      change(2, locked(B1, BOB, 1));

      feed.after(ADA.clientId(), new Revision(2), () -> ada.note("denied"));

      assertThat(ada.heard()).endsWith("denied");
    }

    @Test
    void somebody_who_has_left_is_answered_at_once_and_nobody_goes_without() {
      follow(ADA, ada, 1, 0);
      follow(BOB, bob, 1, 0);
      feed.after(ADA.clientId(), new Revision(9), () -> ada.note("waiting"));

      feed.leave(ADA.clientId());
      feed.after(ADA.clientId(), new Revision(9), () -> ada.note("late"));
      feed.leave(BOB.clientId());

      assertThat(ada.heard()).containsExactly("state [] []", "late", "waiting");
    }

    @Test
    void an_answer_that_throws_spoils_no_other_answer() {
      follow(CAT, cat, 1, 0);
      follow(ADA, ada, 1, 0);
      feed.after(
          CAT.clientId(),
          new Revision(2),
          () -> {
            throw new IllegalStateException("on purpose");
          });
      feed.after(ADA.clientId(), new Revision(2), () -> ada.note("denied"));

      change(2, locked(B1, BOB, 1));

      assertThat(ada.heard()).containsExactly("state [] []", "locked b1", "denied");
      assertThat(cat.heard()).containsExactly("state [] []", "locked b1", "seat lost");
    }
  }

  /** Connections end, seats do not. */
  @Nested
  class Connections {
    @Test
    void nothing_is_told_to_a_broken_connection_and_all_that_was_missed_to_its_successor() {
      follow(ADA, ada, 1, 0);
      feed.detach(ADA.clientId(), ada);
      change(2, commit(1, BOB));

      feed.enter(ADA, bob, 2);
      change(3, commit(2, BOB));
      show(ADA, bob, 2, 1);

      assertThat(ada.heard()).containsExactly("state [] []");
      assertThat(bob.heard()).containsExactly("state [] []", "commit b1 2");
    }

    @Test
    void a_state_that_was_fetched_for_a_connection_is_not_shown_to_its_successor() {
      follow(ADA, ada, 1, 0);
      feed.prepareShowing(ADA.clientId());

      feed.enter(ADA, bob, 2);
      feed.showNow(ADA.clientId(), ada, workspace(0), again(), Optional.empty());
      feed.cancelShowing(ADA.clientId(), ada);
      change(2, commit(1, CAT));
      show(ADA, bob, 1, 0);

      assertThat(bob.heard()).containsExactly("state [] []", "commit b1 1");
    }

    @Test
    void the_late_end_of_a_replaced_connection_does_no_harm() {
      follow(ADA, ada, 1, 0);
      feed.enter(ADA, bob, 2);
      show(ADA, bob, 1, 0);

      feed.detach(ADA.clientId(), ada);
      change(2, commit(1, CAT));

      assertThat(bob.heard()).containsExactly("state [] []", "commit b1 1");
    }

    @Test
    void a_connection_that_is_replaced_is_told_so_and_nothing_further() {
      follow(ADA, ada, 1, 0);

      feed.enter(ADA, bob, 2);
      change(2, commit(1, BOB));

      assertThat(ada.heard()).containsExactly("state [] []", "replaced");
    }

    @Test
    void somebody_whose_seat_is_lost_is_told_so_once_and_nothing_further() {
      follow(ADA, ada, 1, 0);

      feed.loseSeats();
      feed.loseSeats();
      change(2, locked(B1, BOB, 1));
      show(ADA, ada, 2, 0);

      assertThat(ada.heard()).containsExactly("state [] []", "seat lost");
    }

    @Test
    void a_follower_that_throws_loses_its_seat_and_the_others_hear_everything() {
      follow(CAT, new ThrowingFollower(cat), 1, 0);
      follow(ADA, ada, 1, 0);

      change(2, locked(B1, BOB, 1));
      change(3, released(B1));

      assertThat(cat.heard()).containsExactly("state [] []", "seat lost");
      assertThat(ada.heard()).containsExactly("state [] []", "locked b1", "released b1, released");
    }
  }

  /** Somebody is asked for a snapshot when the tail grows long. */
  @Nested
  class Snapshots {
    @Test
    void they_are_due_when_so_many_commits_follow_the_newest() {
      follow(ADA, ada, 1, 0);
      commits(1, 9);
      assertThat(feed.isSnapshotDue(10)).isFalse();

      commits(10, 10);

      assertThat(feed.isSnapshotDue(10)).isTrue();
    }

    @Test
    void who_reads_xml_only_is_not_asked() {
      follow(CAT, cat, 1, 0);
      commits(1, 20);

      assertThat(feed.isSnapshotDue(10)).isFalse();
    }

    @Test
    void one_is_asked_and_next_time_another() {
      follow(ADA, ada, 1, 0);
      follow(BOB, bob, 1, 0);
      commits(1, 10);

      feed.noteSnapshot(SequenceNumber.NONE, 10);
      feed.noteSnapshot(SequenceNumber.NONE, 10);

      assertThat(ada.heard()).containsOnlyOnce("snapshot wanted of 10");
      assertThat(bob.heard()).containsOnlyOnce("snapshot wanted of 10");
    }

    @Test
    void nobody_is_asked_when_there_is_a_newer_one() {
      follow(ADA, ada, 1, 0);
      commits(1, 10);

      feed.noteSnapshot(seq(5), 10);

      assertThat(ada.heard()).doesNotContain("snapshot wanted of 10");
      assertThat(feed.isSnapshotDue(10)).isFalse();
    }
  }

  private void follow(Participant self, RoomFollower follower, long revision, long seq) {
    feed.enter(self, follower, 1);
    show(self, follower, revision, seq);
  }

  private void show(Participant self, RoomFollower follower, long revision, long seq) {
    feed.begin(ROOM, view(revision), workspace(seq));
    feed.show(
        self.clientId(),
        follower,
        new Revision(revision),
        workspace(seq),
        new Occasion.Joined(),
        Optional.empty());
  }

  private void commits(long from, long to) {
    LongStream.rangeClosed(from, to).forEach(seq -> change(seq + 1, commit(seq, BOB)));
  }

  private void change(long revision, RoomEvent... events) {
    feed.changed(new RoomChange(ROOM.id(), new Revision(revision), List.of(events)));
  }

  private static Occasion again() {
    return new Occasion.Again(Cause.REFUSED);
  }

  private static RoomView view(long revision) {
    return new RoomView(new Revision(revision), List.of(), Map.of());
  }

  private static WorkspaceView workspace(long seq) {
    return workspace(EPOCH, seq);
  }

  private static WorkspaceView workspace(Epoch epoch, long seq) {
    return new WorkspaceView(epoch, seq(seq), Optional.empty(), List.of());
  }

  private static WorkspaceView snapshot(long seq) {
    return new WorkspaceView(
        EPOCH,
        seq(seq),
        Optional.of(WorkspaceSnapshot.of(seq(seq), new WorkspaceXml("<xml/>"))),
        List.of());
  }

  private static Excerpt log(Epoch epoch, long... seqs) {
    List<LoggedCommit> commits = LongStream.of(seqs).mapToObj(RoomFeedTest::logged).toList();
    return new Excerpt(
        Optional.of(epoch),
        commits.isEmpty() ? SequenceNumber.NONE : commits.getLast().seq(),
        commits,
        true);
  }

  private static LoggedCommit logged(long seq) {
    return new LoggedCommit(seq(seq), BOB.clientId(), B1, "[{}]", Instant.EPOCH, Optional.empty());
  }

  private static CommitApplied commit(long seq, Participant by) {
    return new CommitApplied(
        seq(seq), by.clientId(), B1, "[{}]", Instant.EPOCH, Optional.empty(), Optional.empty());
  }

  private static RoomEvent locked(BlockId block, Participant owner, long token) {
    return new BlockLocked(block, owner.clientId(), new FencingToken(token));
  }

  private static RoomEvent released(BlockId block) {
    return new BlockReleased(block, ReleaseReason.RELEASED);
  }

  private static SequenceNumber seq(long value) {
    return new SequenceNumber(value);
  }

  private static Participant participant(String id, String nickname) {
    return new Participant(new ClientId(id), new Nickname(nickname), Color.ofPalette(0));
  }

  /** Fails at every event. */
  private record ThrowingFollower(RecordingFollower rest) implements RoomFollower {
    @Override
    public WorkspaceForm form() {
      return rest.form();
    }

    @Override
    public boolean canResume() {
      return rest.canResume();
    }

    @Override
    public void welcome(RoomState state, Occasion occasion) {
      rest.welcome(state, occasion);
    }

    @Override
    public void happened(RoomEvent event) {
      throw new IllegalStateException("on purpose");
    }

    @Override
    public void wanted(BlockId block, ClientId by, int waiting) {}

    @Override
    public void handedOver(BlockLock lock) {}

    @Override
    public void presenceChanged(Map<ClientId, Presence> news) {}

    @Override
    public void snapshotWanted(SequenceNumber seq) {
      rest.snapshotWanted(seq);
    }

    @Override
    public void seatLost() {
      rest.seatLost();
    }

    @Override
    public void replaced() {
      rest.replaced();
    }
  }
}
