package io.blockroom.adapters.websocket.session;

import io.blockroom.application.port.in.AcquireBlockLock;
import io.blockroom.application.port.in.CommitEdit;
import io.blockroom.application.port.in.JoinRoom;
import io.blockroom.application.port.in.KeepPresence;
import io.blockroom.application.port.in.LeaveRoom;
import io.blockroom.application.port.in.ShowRoom;

/** What a connection can ask for. */
public record RoomUseCases(
    JoinRoom join,
    LeaveRoom leave,
    KeepPresence keep,
    AcquireBlockLock lock,
    CommitEdit commit,
    ShowRoom show) {}
