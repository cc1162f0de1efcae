package io.blockroom.application.port.in;

import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import java.util.List;

/** Takes a room out, with its whole history. */
public interface ExportRoom {
  /**
   * Tells all of a room as of one moment, piece by piece. What the reader throws ends it and is
   * passed on.
   *
   * @return false, without a call to the reader, if there is no such room
   * @throws io.blockroom.application.port.out.StorageUnavailable if the room cannot be read to its
   *     end; the reader has then been told a part of it
   */
  boolean export(RoomId room, Reader reader);

  /** Is told a room. */
  interface Reader {
    /**
     * The first call.
     *
     * @param last the room's last number
     * @param snapshots those that are kept, the oldest first
     */
    void begin(Room room, SequenceNumber last, List<WorkspaceSnapshot> snapshots);

    /** The next commit that the log has, in order. */
    void next(LoggedCommit commit);
  }
}
