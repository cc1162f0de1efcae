package io.blockroom.application.port.in;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A participant's view into a room. Its methods are called one at a time, in the room's order, and
 * return at once.
 */
public interface RoomFollower {
  /**
   * The room as it is now. The first call; later ones replace all that was told before, when what
   * happened since cannot be told event by event.
   */
  void welcome(RoomState state);

  /** Something happened. The same object is handed to every follower of the room on this server. */
  void happened(RoomEvent event);

  /** The seat is gone without the participant's doing; nothing further is told. */
  void seatLost();

  /**
   * All that a participant needs to be up to date.
   *
   * @param self the participant's own id
   * @param others everybody else in the room
   * @param locks who holds which block
   * @param snapshot the newest stored state of the workspace, if there is one
   */
  record RoomState(
      ClientId self,
      List<Participant> others,
      Map<BlockId, ClientId> locks,
      Optional<WorkspaceSnapshot> snapshot) {
    public RoomState {
      others = List.copyOf(others);
      locks = Map.copyOf(locks);
    }
  }
}
