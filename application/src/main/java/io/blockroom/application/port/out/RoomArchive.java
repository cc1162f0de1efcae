package io.blockroom.application.port.out;

import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Whole histories: taken out, brought in, wound back and shortened.
 *
 * <p>Every method throws {@link StorageUnavailable} when the storage does not answer in time: 5 s,
 * and 60 s for those that read or write a whole history.
 */
public interface RoomArchive {
  /**
   * Makes the workspace what it was at a number, as new history under a new epoch: a commit that
   * says so, the snapshot that was the newest at that number as of that commit, and copies of the
   * commits between that snapshot and that number. What was there before stays in the log.
   *
   * @param to 0 to the room's last number
   * @param epoch the new one
   */
  RestoreOutcome restore(RoomId room, SequenceNumber to, Epoch epoch);

  /**
   * Takes a room out as of one moment.
   *
   * @param commits is given every commit that the log has, in order
   * @return false, without a call, if the room does not exist
   */
  boolean export(RoomId room, Consumer<Header> header, Consumer<LoggedCommit> commits);

  /**
   * Brings a room in, whole or not at all.
   *
   * @param commits gives one commit after the other in order of their numbers, then nothing; what
   *     it throws ends the import and is passed on
   * @param epoch the new one
   * @return false, with nothing changed, if a room of that id exists
   * @throws IllegalArgumentException if the numbers of commits or snapshots do not fit together
   */
  boolean bringIn(Header header, Supplier<Optional<LoggedCommit>> commits, Epoch epoch);

  /**
   * Forgets commits that were stored before a moment and that the newest snapshot in XML contains,
   * at most so many, and never one behind a younger one; then snapshots that are not the newest and
   * from which the commits that are left do not go on. A room without a snapshot in XML keeps all.
   *
   * @return how many commits were forgotten; fewer than the limit if that was all
   */
  int compact(Instant before, int limit);

  /**
   * All of a room but its commits.
   *
   * @param last its last number
   * @param snapshots those that are kept, the oldest first
   */
  record Header(Room room, SequenceNumber last, List<WorkspaceSnapshot> snapshots) {
    public Header {
      snapshots = List.copyOf(snapshots);
    }
  }

  /** What became of the wish to wind back. */
  sealed interface RestoreOutcome {
    /** The workspace is what it was. */
    record Restored(Epoch epoch, SequenceNumber last) implements RestoreOutcome {}

    /** The number is ahead of the room, or its state cannot be known any more. */
    record NoSuchSeq() implements RestoreOutcome {}

    /** The room does not exist. */
    record NoSuchRoom() implements RestoreOutcome {}
  }
}
