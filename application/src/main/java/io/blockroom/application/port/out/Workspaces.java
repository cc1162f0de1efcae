package io.blockroom.application.port.out;

import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.snapshot.WorkspaceForm;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import io.blockroom.domain.snapshot.WorkspaceView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The snapshots of each room's workspace. Each form, XML and JSON, has a newest one of its own;
 * older ones are thinned out: of every hundred numbers the last snapshot is kept, and what a
 * restored or imported history has come with.
 *
 * <p>Every method throws {@link StorageUnavailable} when the storage does not answer within 5 s.
 */
public interface Workspaces {
  /**
   * The workspace at one moment, for somebody who reads that form: the newest snapshot and every
   * commit after it. Empty if the room does not exist.
   */
  Optional<WorkspaceView> view(RoomId room, WorkspaceForm form);

  /**
   * Keeps a snapshot that a client made, in all its forms. One that is older than the newest of
   * either form, or ahead of the room's last number, is {@link SnapshotOutcome.Stale} and changes
   * nothing; one of the same number takes the place of the other.
   */
  SnapshotOutcome store(RoomId room, WorkspaceSnapshot snapshot);

  /** How far the snapshots of a room are behind its commits; empty if the room does not exist. */
  Optional<Lag> lag(RoomId room);

  /** The kept snapshots below a number, the newest first, at most so many. */
  List<Entry> list(RoomId room, SequenceNumber below, int limit);

  /** The kept snapshot of that number, in all forms in which there is one. */
  Optional<WorkspaceSnapshot> find(RoomId room, SequenceNumber seq);

  /** What became of a snapshot. */
  sealed interface SnapshotOutcome {
    /** It is the newest now. */
    record Stored() implements SnapshotOutcome {}

    /** It is older than the newest, or ahead of the room. */
    record Stale() implements SnapshotOutcome {}

    /** The room does not exist (any more). */
    record NoSuchRoom() implements SnapshotOutcome {}
  }

  /**
   * @param last the room's last number
   * @param xml the number of the newest snapshot in XML; {@link SequenceNumber#NONE} without one
   * @param state the same in JSON
   */
  record Lag(SequenceNumber last, SequenceNumber xml, SequenceNumber state) {}

  /**
   * @param hasXml whether there is one in XML
   * @param hasState whether there is one in JSON
   * @param at when the later of them was stored
   */
  record Entry(SequenceNumber seq, boolean hasXml, boolean hasState, Instant at) {}
}
