package io.blockroom.domain.room;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.Grant;
import io.blockroom.domain.lock.WaitingLine;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.presence.Presence;
import java.util.List;
import java.util.Map;

/**
 * The live side of a room at one moment.
 *
 * @param revision the last change that this view shows
 * @param participants everybody who has a seat
 * @param locks who holds which block
 * @param line who waits for blocks
 * @param presence what participants are doing, as far as that is known
 */
public record RoomView(
    Revision revision,
    List<Participant> participants,
    Map<BlockId, Grant> locks,
    WaitingLine line,
    Map<ClientId, Presence> presence) {
  public RoomView {
    participants = List.copyOf(participants);
    locks = Map.copyOf(locks);
    presence = Map.copyOf(presence);
  }

  /** A room in which nobody waits, and of which nothing more is known. */
  public RoomView(Revision revision, List<Participant> participants, Map<BlockId, Grant> locks) {
    this(revision, participants, locks, WaitingLine.EMPTY, Map.of());
  }
}
