package io.blockroom.application.fake;

import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.application.port.out.Workspaces;
import io.blockroom.domain.commit.Commit;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Workspaces that live as long as the test. */
public final class InMemoryWorkspaces implements Workspaces {
  private final InMemoryRooms rooms;
  private final Map<RoomId, SequenceNumber> numbers = new HashMap<>();
  private final Map<RoomId, WorkspaceSnapshot> snapshots = new HashMap<>();
  private boolean lost;

  /**
   * @param rooms those that exist
   */
  public InMemoryWorkspaces(InMemoryRooms rooms) {
    this.rooms = rooms;
  }

  /** From now on the storage does not answer. */
  public synchronized void loseStorage() {
    lost = true;
  }

  /** From now on the storage answers again; it has kept everything. */
  public synchronized void restoreStorage() {
    lost = false;
  }

  @Override
  public synchronized Optional<WorkspaceSnapshot> newest(RoomId room) {
    requireStorage();
    return Optional.ofNullable(snapshots.get(room));
  }

  @Override
  public synchronized SequenceNumber store(RoomId room, Commit commit) {
    requireStorage();
    if (!rooms.has(room)) {
      throw new IllegalArgumentException("no such room: " + room);
    }
    SequenceNumber last = numbers.getOrDefault(room, SequenceNumber.NONE);
    SequenceNumber seq = commit.events().isEmpty() ? last : new SequenceNumber(last.value() + 1);
    numbers.put(room, seq);
    commit.workspace().ifPresent(xml -> snapshots.put(room, new WorkspaceSnapshot(seq, xml)));
    return seq;
  }

  private void requireStorage() {
    if (lost) {
      throw new StorageUnavailable(new IllegalStateException("lost by the test"));
    }
  }
}
