package io.blockroom.application.service;

import io.blockroom.application.port.in.KeepSnapshot;
import io.blockroom.application.port.in.Seat;
import io.blockroom.application.port.out.Workspaces;
import io.blockroom.application.port.out.Workspaces.SnapshotOutcome;
import io.blockroom.domain.snapshot.WorkspaceSnapshot;

/** Keeps what participants make of the workspace for latecomers. */
public final class SnapshotService implements KeepSnapshot {
  private final Workspaces workspaces;

  public SnapshotService(Workspaces workspaces) {
    this.workspaces = workspaces;
  }

  @Override
  public Outcome keep(Seat seat, WorkspaceSnapshot snapshot) {
    return switch (workspaces.store(seat.room(), snapshot)) {
      case SnapshotOutcome.Stored stored -> Outcome.KEPT;
      case SnapshotOutcome.Stale stale -> Outcome.STALE;
      case SnapshotOutcome.NoSuchRoom none -> Outcome.NO_SUCH_ROOM;
    };
  }
}
