package io.blockroom.domain.room;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Participant;
import java.util.Optional;

/** Something that happened in a room and that everybody in it is told. */
public sealed interface RoomEvent {
  /** Somebody took a seat. */
  record ParticipantJoined(Participant participant) implements RoomEvent {}

  /** Somebody's seat is free again; their locks were released before. */
  record ParticipantLeft(ClientId clientId) implements RoomEvent {}

  /** A block has a new owner; it was free before. */
  record BlockLocked(BlockId block, ClientId owner) implements RoomEvent {}

  /** A block is free. */
  record BlockReleased(BlockId block) implements RoomEvent {}

  /**
   * An edit stands.
   *
   * @param seq its place in the history; {@link SequenceNumber#NONE} if it has no events
   * @param events the array of Blockly events, verbatim
   */
  record CommitApplied(
      SequenceNumber seq,
      ClientId by,
      BlockId block,
      String events,
      Optional<WorkspaceXml> workspace)
      implements RoomEvent {}
}
