package io.blockroom.adapters.websocket.http;

import io.blockroom.application.port.in.ExportRoom;
import io.blockroom.application.port.in.ImportRoom;
import io.blockroom.application.port.in.ListSnapshots;
import io.blockroom.application.port.in.ReadCommits;
import io.blockroom.application.port.in.ReadSnapshot;
import io.blockroom.application.port.in.RestoreRoom;

/** What can be asked about a room's history from outside. */
public record HistoryUseCases(
    ReadCommits commits,
    ListSnapshots snapshots,
    ReadSnapshot snapshot,
    RestoreRoom restore,
    ExportRoom export,
    ImportRoom bringIn) {}
