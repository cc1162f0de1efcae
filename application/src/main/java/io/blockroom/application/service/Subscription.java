package io.blockroom.application.service;

import io.blockroom.application.port.in.RoomFollower;
import io.blockroom.application.port.in.RoomFollower.RoomState;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomView;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One participant's place in a room's feed. While the state of the room is being fetched for them,
 * events and answers are held back; then they get the state and whatever it does not show. Guarded
 * by its feed.
 *
 * <p>A follower that throws is told that its seat is lost, and nothing more: the others must not
 * suffer, and what it shows cannot be vouched for.
 */
final class Subscription {
  private static final System.Logger LOG = System.getLogger(Subscription.class.getName());

  private final ClientId self;
  private final RoomFollower follower;
  private final List<Held> held = new ArrayList<>();
  private boolean isHolding = true;
  private boolean isWelcomed;
  private boolean isLost;
  private boolean hasMissedChanges;
  private boolean hasMissedCommits;

  /** The last change that a state showed, and the last that was told, by a state or by itself. */
  private @Nullable Revision shown;

  private @Nullable Revision told;

  /** The last commit in the newest state that was shown, and the last that was told in any way. */
  private SequenceNumber contained = SequenceNumber.NONE;

  private SequenceNumber known = SequenceNumber.NONE;

  private sealed interface Held {
    Revision revision();

    record Event(Revision revision, RoomEvent event) implements Held {}

    record Answer(Revision revision, Runnable answer) implements Held {}
  }

  Subscription(ClientId self, RoomFollower follower) {
    this.self = self;
    this.follower = follower;
  }

  boolean isHolding() {
    return isHolding;
  }

  void hold() {
    isHolding = true;
  }

  void offer(Revision revision, RoomEvent event) {
    if (isLost || (shown != null && shown.includes(revision))) {
      return;
    }
    if (isHolding) {
      held.add(new Held.Event(revision, event));
    } else {
      tellInTurn(revision, event);
    }
  }

  /** Gives an answer, behind everything that is being held back. */
  void answer(Revision revision, Runnable answer) {
    if (isHolding && !isLost) {
      held.add(new Held.Answer(revision, answer));
    } else {
      attempt(answer);
    }
  }

  /** Gives up fetching: what was held back is told after all. */
  void resume() {
    if (isWelcomed) {
      isHolding = false;
      take(each -> true).forEach(this::deliver);
    }
  }

  /**
   * Tells the state and goes live. A newcomer is not told what the state shows already; somebody
   * who has been here is, before the state, because an edit in it may be in no snapshot.
   */
  void welcome(RoomView view, Optional<WorkspaceSnapshot> snapshot) {
    for (Held earlier : take(each -> view.revision().includes(each.revision()))) {
      switch (earlier) {
        case Held.Event event when isWelcomed -> tell(event.event());
        case Held.Event _ -> {}
        case Held.Answer answer -> attempt(answer.answer());
      }
    }
    shown = view.revision();
    told = view.revision();
    contained = snapshot.map(WorkspaceSnapshot::seq).orElse(SequenceNumber.NONE);
    known = later(known, contained);
    hasMissedCommits = false;
    RoomState state =
        new RoomState(
            self,
            view.participants().stream().filter(who -> !who.clientId().equals(self)).toList(),
            view.locks(),
            snapshot);
    if (!isLost) {
      attempt(() -> follower.welcome(state));
    }
    isWelcomed = true;
    resume();
  }

  void lose() {
    if (isLost) {
      return;
    }
    isLost = true;
    attempt(follower::seatLost);
    end();
  }

  /** Gives the answers that are still due; events too, unless the room was never shown. */
  void end() {
    take(each -> isWelcomed || each instanceof Held.Answer).forEach(this::deliver);
    held.clear();
  }

  /** Something was told to others and not to this one. */
  void miss() {
    hasMissedChanges = true;
  }

  /** Whether changes were missed since this was last asked. */
  boolean takeMisses() {
    boolean missed = hasMissedChanges && !isLost;
    hasMissedChanges = false;
    return missed;
  }

  /** Whether a commit was told but not the one before it. */
  boolean hasMissedCommits() {
    return hasMissedCommits && !isLost;
  }

  /** Whether the stored state has a commit that was not told; never if it is older than those. */
  boolean isUnawareOf(WorkspaceSnapshot snapshot) {
    return !isLost
        && (!known.includes(snapshot.seq())
            || (hasMissedCommits && snapshot.seq().includes(known)));
  }

  private List<Held> take(Predicate<Held> which) {
    List<Held> taken = held.stream().filter(which).toList();
    held.removeIf(which);
    return taken;
  }

  private void deliver(Held each) {
    switch (each) {
      case Held.Event event -> tellInTurn(event.revision(), event.event());
      case Held.Answer answer -> attempt(answer.answer());
    }
  }

  private void tellInTurn(Revision revision, RoomEvent event) {
    if (!revision.equals(told)) {
      hasMissedChanges |= told != null && !told.isFollowedBy(revision);
      told = revision;
    }
    tell(event);
  }

  private void tell(RoomEvent event) {
    if (event instanceof RoomEvent.CommitApplied commit) {
      hasMissedCommits |= commit.seq().value() > known.value() + 1;
      known = later(known, commit.seq());
    }
    if (!isLost && !isOwnArrival(event) && !isContained(event)) {
      attempt(() -> follower.happened(event));
    }
  }

  private void attempt(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException failure) {
      LOG.log(System.Logger.Level.WARNING, "a follower failed: {0}", failure.getClass().getName());
      lose();
    }
  }

  private boolean isOwnArrival(RoomEvent event) {
    return event instanceof RoomEvent.ParticipantJoined joined
        && joined.participant().clientId().equals(self);
  }

  /**
   * A commit may be stored, and so be in the snapshot, before it is broadcast. Its author is told
   * all the same: for them it is not an edit to apply but the answer that they wait for.
   */
  private boolean isContained(RoomEvent event) {
    return event instanceof RoomEvent.CommitApplied commit
        && !commit.by().equals(self)
        && commit.seq().isGiven()
        && contained.includes(commit.seq());
  }

  private static SequenceNumber later(SequenceNumber one, SequenceNumber other) {
    return one.includes(other) ? one : other;
  }
}
