package io.blockroom.adapters.websocket.http;

import io.blockroom.application.port.in.ChangeRoom;
import io.blockroom.application.port.in.CreateRoom;
import io.blockroom.application.port.in.DeleteRoom;
import io.blockroom.application.port.in.FindRoom;
import io.blockroom.application.port.in.ForceRelease;
import io.blockroom.application.port.in.ListRooms;
import io.blockroom.application.port.in.LookIntoRoom;

/** What can be asked about rooms from outside. */
public record DirectoryUseCases(
    CreateRoom create,
    FindRoom find,
    ListRooms list,
    ChangeRoom change,
    DeleteRoom delete,
    LookIntoRoom look,
    ForceRelease force) {}
