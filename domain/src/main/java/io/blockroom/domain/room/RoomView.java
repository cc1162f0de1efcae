package io.blockroom.domain.room;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.Grant;
import io.blockroom.domain.participant.Participant;
import java.util.List;
import java.util.Map;

/**
 * The live side of a room at one moment.
 *
 * @param revision the last change that this view shows
 * @param participants everybody who has a seat
 * @param locks who holds which block
 */
public record RoomView(
    Revision revision, List<Participant> participants, Map<BlockId, Grant> locks) {
  public RoomView {
    participants = List.copyOf(participants);
    locks = Map.copyOf(locks);
  }
}
