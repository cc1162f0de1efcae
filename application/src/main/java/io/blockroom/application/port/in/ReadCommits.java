package io.blockroom.application.port.in;

import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.room.RoomId;
import java.util.List;
import java.util.Optional;

/** Tells what was done in a room, commit by commit. */
public interface ReadCommits {
  /**
   * A room's commits between two numbers, both included, at most so many; fewer if they are long.
   *
   * @param from 1 or more
   * @param to not below {@code from}
   * @throws io.blockroom.application.port.out.StorageUnavailable if the log cannot be read
   */
  Outcome read(RoomId room, SequenceNumber from, SequenceNumber to, int limit);

  /** What was found. */
  sealed interface Outcome {
    /**
     * A part of the log.
     *
     * @param last the room's last number
     * @param commits in order, without gaps
     * @param next the number of the next one that was asked for, if there are more
     */
    record Found(
        Epoch epoch, SequenceNumber last, List<LoggedCommit> commits, Optional<SequenceNumber> next)
        implements Outcome {
      public Found {
        commits = List.copyOf(commits);
      }
    }

    /** The log has the first of these commits no more: a snapshot contains it. */
    record Forgotten() implements Outcome {}

    /** There is no such room. */
    record NoSuchRoom() implements Outcome {}
  }
}
