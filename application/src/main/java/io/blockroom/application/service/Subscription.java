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
import org.jspecify.annotations.Nullable;

/**
 * One participant's place in a room's feed. While the state of the room is being fetched for them,
 * events are held back; then they get the state and whatever it does not show. Guarded by its feed.
 */
final class Subscription {
  private final ClientId self;
  private final RoomFollower follower;
  private final List<Held> held = new ArrayList<>();
  private boolean isHolding = true;
  private boolean isWelcomed;
  private @Nullable Revision shown;
  private SequenceNumber contained = SequenceNumber.NONE;

  private record Held(Revision revision, RoomEvent event) {}

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
    if (shown != null && shown.includes(revision)) {
      return;
    }
    if (isHolding) {
      held.add(new Held(revision, event));
    } else {
      tell(event);
    }
  }

  /** Gives up fetching: what was held back is told after all. */
  void resume() {
    if (isWelcomed) {
      isHolding = false;
      held.forEach(each -> tell(each.event()));
      held.clear();
    }
  }

  /**
   * Tells the state and goes live. A newcomer is not told what the state shows already; somebody
   * who has been here is, before the state, because an edit in it may be in no snapshot.
   */
  void welcome(RoomView view, Optional<WorkspaceSnapshot> snapshot) {
    if (isWelcomed) {
      held.stream()
          .filter(each -> view.revision().includes(each.revision()))
          .forEach(each -> tell(each.event()));
    }
    held.removeIf(each -> view.revision().includes(each.revision()));
    shown = view.revision();
    contained = snapshot.map(WorkspaceSnapshot::seq).orElse(SequenceNumber.NONE);
    follower.welcome(
        new RoomState(
            self,
            view.participants().stream().filter(who -> !who.clientId().equals(self)).toList(),
            view.locks(),
            snapshot));
    isWelcomed = true;
    resume();
  }

  void lose() {
    follower.seatLost();
  }

  private void tell(RoomEvent event) {
    if (!isOwnArrival(event) && !isContained(event)) {
      follower.happened(event);
    }
  }

  private boolean isOwnArrival(RoomEvent event) {
    return event instanceof RoomEvent.ParticipantJoined joined
        && joined.participant().clientId().equals(self);
  }

  /** A commit may be stored, and so be in the snapshot, before it is broadcast. */
  private boolean isContained(RoomEvent event) {
    return event instanceof RoomEvent.CommitApplied commit
        && commit.seq().isGiven()
        && contained.includes(commit.seq());
  }
}
