package io.blockroom.adapters.websocket.session;

import io.blockroom.application.port.in.AcquireBlockLock;
import io.blockroom.application.port.in.CancelWaiting;
import io.blockroom.application.port.in.CommitEdit;
import io.blockroom.application.port.in.HandOverBlockLock;
import io.blockroom.application.port.in.JoinRoom;
import io.blockroom.application.port.in.KeepPresence;
import io.blockroom.application.port.in.KeepSnapshot;
import io.blockroom.application.port.in.LeaveRoom;
import io.blockroom.application.port.in.QueueForBlockLock;
import io.blockroom.application.port.in.ReleaseBlockLocks;
import io.blockroom.application.port.in.ResumeRoom;
import io.blockroom.application.port.in.ShowRoom;

/** What a connection can ask for. */
public record RoomUseCases(
    JoinRoom join,
    ResumeRoom resume,
    LeaveRoom leave,
    KeepPresence keep,
    AcquireBlockLock lock,
    ReleaseBlockLocks unlock,
    QueueForBlockLock queue,
    CancelWaiting cancel,
    HandOverBlockLock handOver,
    CommitEdit commit,
    KeepSnapshot snapshot,
    ShowRoom show) {}
