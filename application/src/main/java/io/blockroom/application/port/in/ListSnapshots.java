package io.blockroom.application.port.in;

import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.room.RoomId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Tells as of which commits a room's whole workspace is kept. */
public interface ListSnapshots {
  /**
   * The kept snapshots below a number, the newest first, at most so many; empty if there is no such
   * room.
   *
   * @throws io.blockroom.application.port.out.StorageUnavailable if they cannot be read
   */
  Optional<Page> list(RoomId room, SequenceNumber below, int limit);

  /**
   * A part of the list.
   *
   * @param isLast whether no older ones follow
   */
  record Page(List<Kept> snapshots, boolean isLast) {
    public Page {
      snapshots = List.copyOf(snapshots);
    }
  }

  /**
   * A snapshot that is kept.
   *
   * @param seq the last commit that it contains
   * @param hasXml whether there is one in XML
   * @param hasState whether there is one in JSON
   * @param at when the later of them was stored
   */
  record Kept(SequenceNumber seq, boolean hasXml, boolean hasState, Instant at) {}
}
