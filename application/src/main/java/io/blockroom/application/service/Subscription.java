package io.blockroom.application.service;

import io.blockroom.application.port.in.RoomFollower;
import io.blockroom.application.port.in.RoomFollower.Occasion;
import io.blockroom.application.port.in.RoomFollower.RoomState;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomEvent.CommitApplied;
import io.blockroom.domain.snapshot.WorkspaceForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One participant's place in a room's feed. While the workspace is being fetched for them the
 * commits that are told meanwhile are noted, so that those which the fetched state does not have
 * can be told behind it. Guarded by its feed.
 *
 * <p>A follower that throws is told that its seat is lost, and nothing more: the others must not
 * suffer, and what it shows cannot be vouched for.
 */
final class Subscription {
  private static final System.Logger LOG = System.getLogger(Subscription.class.getName());

  private final Participant self;

  /** Counts who has spoken for the seat, on whichever server. */
  private long serial;

  /** Nobody while the connection is broken. */
  private @Nullable RoomFollower follower;

  /** Not null while a state is being fetched. */
  private @Nullable List<CommitApplied> noted = new ArrayList<>();

  private boolean isShown;

  /** Whether commits make no sense on what was shown last. */
  private boolean isPaused;

  private boolean isLost;

  /** The last commit in the newest state that was shown, and the last in its snapshot. */
  private SequenceNumber contained = SequenceNumber.NONE;

  private SequenceNumber inSnapshot = SequenceNumber.NONE;

  Subscription(Participant self, RoomFollower follower, long serial) {
    this.self = self;
    this.follower = follower;
    this.serial = serial;
  }

  Participant self() {
    return self;
  }

  /** Whether a snapshot can be asked of this one. */
  boolean canMakeSnapshots() {
    RoomFollower present = follower;
    return isShown && !isLost && present != null && present.form() == WorkspaceForm.ANY;
  }

  /** The one to whom the room can be shown now, if there is one; notes commits from now on. */
  Optional<RoomFollower> prepareShowing() {
    RoomFollower present = follower;
    if (present == null || isLost || noted != null) {
      return Optional.empty();
    }
    noted = new ArrayList<>();
    return Optional.of(present);
  }

  // Identity is meant: two connections are two followers.
  @SuppressWarnings("ReferenceEquality")
  boolean isFollowedBy(RoomFollower somebody) {
    return follower == somebody;
  }

  /** Whether nobody is there to be told anything. */
  boolean isAbsent() {
    return follower == null || isLost;
  }

  /** Gives up showing. */
  void cancelShowing() {
    if (isShown) {
      noted = null;
    }
  }

  /** In which form the workspace is to be fetched. */
  WorkspaceForm form() {
    RoomFollower present = follower;
    return present == null ? WorkspaceForm.XML : present.form();
  }

  /**
   * Shows the state, and the commits behind it.
   *
   * @param isCurrent false if the commits that are told do not follow on this state
   */
  void show(RoomState state, Occasion occasion, boolean isCurrent) {
    RoomFollower present = follower;
    List<CommitApplied> meanwhile = noted == null ? List.of() : noted;
    noted = null;
    if (present == null || isLost) {
      return;
    }
    isShown = true;
    isPaused = !isCurrent;
    contained = state.workspace().seq();
    inSnapshot = state.workspace().snapshotSeq();
    attempt(() -> present.welcome(state, occasion));
    meanwhile.stream().filter(commit -> !contained.includes(commit.seq())).forEach(this::tell);
  }

  /** Tells no commits until the room is shown again: the next one would not follow on the last. */
  void pause() {
    isPaused = true;
  }

  void tell(RoomEvent event) {
    if (event instanceof CommitApplied commit && commit.seq().isGiven()) {
      if (noted != null) {
        noted.add(commit);
      }
      if (isPaused || isContained(commit)) {
        return;
      }
    }
    RoomFollower present = follower;
    if (isShown && !isLost && present != null) {
      attempt(() -> present.happened(event));
    }
  }

  void tell(Map<ClientId, Presence> news) {
    tell(present -> present.presenceChanged(news));
  }

  /** Tells something that is not told to everybody in the same way. */
  void tell(Consumer<RoomFollower> news) {
    RoomFollower present = follower;
    if (isShown && !isLost && present != null) {
      attempt(() -> news.accept(present));
    }
  }

  void wantSnapshot(SequenceNumber seq) {
    RoomFollower present = follower;
    if (present != null) {
      attempt(() -> present.snapshotWanted(seq));
    }
  }

  /** The connection broke; nobody is told anything until another one takes its place. */
  void detach(RoomFollower former) {
    if (isFollowedBy(former)) {
      follower = null;
    }
  }

  /** A new connection takes the seat; it is shown the room first. */
  void replace(RoomFollower successor, long newSerial) {
    dismiss();
    follower = successor;
    serial = newSerial;
    isLost = false;
    isShown = false;
    noted = new ArrayList<>();
  }

  /** Somebody took the seat over; true if whoever has it here is not the one. */
  boolean isTakenOver(long newSerial) {
    if (serial < newSerial) {
      dismiss();
      return true;
    }
    return false;
  }

  private void dismiss() {
    RoomFollower former = follower;
    follower = null;
    if (former != null && !isLost) {
      former.replaced();
    }
  }

  void lose() {
    if (isLost) {
      return;
    }
    isLost = true;
    RoomFollower present = follower;
    if (present != null) {
      attempt(present::seatLost);
    }
  }

  boolean isOf(ClientId somebody) {
    return self.clientId().equals(somebody);
  }

  /**
   * A commit may be stored, and so be in the state, before it is broadcast. An author who reads XML
   * only is told all the same if the snapshot has it: for them it is not an edit to apply but the
   * answer that they wait for.
   */
  private boolean isContained(CommitApplied commit) {
    boolean isAwaited =
        form() == WorkspaceForm.XML && isOf(commit.by()) && inSnapshot.includes(commit.seq());
    return contained.includes(commit.seq()) && !isAwaited;
  }

  /** Calls the follower, or gives it an answer. */
  void attempt(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException failure) {
      LOG.log(System.Logger.Level.WARNING, "a follower failed: {0}", failure.getClass().getName());
      lose();
    }
  }
}
