package io.blockroom.application.port.out;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.CommitId;
import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.commit.LoggedCommit;
import io.blockroom.domain.commit.Proposal;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.room.RoomId;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Every commit of every room, numbered and kept.
 *
 * <p>Every method throws {@link StorageUnavailable} when the storage does not answer within 5 s.
 */
public interface CommitLog {
  /**
   * Stores commits of one room, in the order given; when this returns, what it says survives any
   * crash.
   *
   * <p>Each commit is judged for itself, in this order: if the log has a commit of its name, it is
   * that one ({@link AppendOutcome.Duplicate}) or a misuse of the name ({@link
   * AppendOutcome.Mismatch}); if the room's rules or its fences do not admit it, it is refused;
   * else it stands. One that stands and has events gets the next number of its room: 1, 2, 3 …
   * without gaps or repeats, however many callers there are on however many servers, and however
   * many were refused. One without events gets the current number and leaves no entry. Its grants
   * become the fences of the blocks that it touches. Its workspace, if it shows the room as of its
   * number ({@code Commit.workspaceAt}), becomes the newest snapshot in XML. All of it is stored
   * together or not at all.
   *
   * @return one outcome for each, in their order
   * @throws StorageUnavailable also if it is not known whether they were stored; each may or may
   *     not be, and offering it again under its name tells
   */
  List<AppendOutcome> append(RoomId room, List<Proposal> proposals);

  /**
   * The commits after a number, in order and without gaps, at most so many; empty if there are none
   * or no such room, or if the next one was compacted away.
   */
  Excerpt read(RoomId room, SequenceNumber after, int limit);

  /** Those of the named commits that the log has. */
  Map<CommitId, LoggedCommit> find(RoomId room, Set<CommitId> ids);

  /** The last number of each of these rooms that exists. */
  Map<RoomId, SequenceNumber> last(Set<RoomId> rooms);

  /**
   * A part of a room's log.
   *
   * @param epoch the room's at that moment
   * @param last the room's last number at that moment
   * @param isComplete false if commits that were asked for are not in the log any more
   */
  record Excerpt(
      Optional<Epoch> epoch, SequenceNumber last, List<LoggedCommit> commits, boolean isComplete) {
    public Excerpt {
      commits = List.copyOf(commits);
    }
  }

  /** What became of a commit. */
  sealed interface AppendOutcome {
    /**
     * The commit stands.
     *
     * @param at when it was stored, by the storage's clock, in whole microseconds
     */
    record Appended(SequenceNumber seq, Instant at) implements AppendOutcome {}

    /** The commit stood already, with this number. */
    record Duplicate(SequenceNumber seq, Instant at) implements AppendOutcome {}

    /** Another commit has its name. */
    record Mismatch() implements AppendOutcome {}

    /**
     * The author's grant of blocks is over.
     *
     * @param last the room's last number
     */
    record Fenced(Set<BlockId> blocks, SequenceNumber last) implements AppendOutcome {
      public Fenced {
        blocks = Collections.unmodifiableSet(new LinkedHashSet<>(blocks));
      }
    }

    /** The room wants blocks locked before they are edited, and these were not. */
    record NotHeld(Set<BlockId> blocks) implements AppendOutcome {
      public NotHeld {
        blocks = Collections.unmodifiableSet(new LinkedHashSet<>(blocks));
      }
    }

    /** The room is frozen. */
    record Frozen() implements AppendOutcome {}

    /** The room does not exist (any more). */
    record NoSuchRoom() implements AppendOutcome {}
  }
}
