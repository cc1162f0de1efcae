package io.blockroom.application.port.out;

import io.blockroom.domain.commit.Commit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import java.util.Optional;

/**
 * The durable state of each room's workspace and the numbering of its commits.
 *
 * <p>Every method throws {@link StorageUnavailable} when the storage does not answer within 5 s.
 */
public interface Workspaces {
  /** The newest stored state, if any commit of the room ever carried one. */
  Optional<WorkspaceSnapshot> newest(RoomId room);

  /**
   * Stores a commit of a room that exists; when this method returns it survives any crash.
   *
   * <p>A commit with events gets the next sequence number of its room: 1, 2, 3 … without gaps or
   * repeats, however many callers there are on however many servers. One without events gets the
   * current number. A workspace that the commit carries becomes the newest state, as of the
   * commit's number, in the same step: number and state are stored together or not at all.
   *
   * @return the commit's sequence number
   * @throws IllegalArgumentException if the room does not exist
   */
  SequenceNumber store(RoomId room, Commit commit);
}
