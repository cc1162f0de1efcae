package io.blockroom.application.port.in;

import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.room.Room;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Brings a room in that was taken out elsewhere, or before. */
public interface ImportRoom {
  /**
   * Brings it in under a new epoch, whole or not at all.
   *
   * @throws io.blockroom.application.port.out.StorageUnavailable if it is not known to be stored
   */
  Outcome bringIn(Command command);

  /**
   * A room with its whole history.
   *
   * @param last its last number
   * @param snapshots the oldest first
   * @param commits gives one commit after the other in order of their numbers, then nothing; what
   *     it throws ends the import and is passed on
   */
  record Command(
      Room room,
      SequenceNumber last,
      List<WorkspaceSnapshot> snapshots,
      Supplier<Optional<LoggedCommit>> commits) {
    public Command {
      snapshots = List.copyOf(snapshots);
    }
  }

  /** What became of it. */
  sealed interface Outcome {
    /** The room exists now. */
    record BroughtIn(Room room) implements Outcome {}

    /** There is a room of that id; it is as it was. */
    record RoomExists() implements Outcome {}

    /** The numbers of commits or snapshots do not fit together; nothing is changed. */
    record Unsound() implements Outcome {}
  }
}
