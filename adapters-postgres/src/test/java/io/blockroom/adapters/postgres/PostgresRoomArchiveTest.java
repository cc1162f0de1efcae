package io.blockroom.adapters.postgres;

import io.blockroom.application.port.out.RoomArchiveContract;

/** PostgreSQL keeps to the contract of the archive. */
class PostgresRoomArchiveTest extends OnPostgres implements RoomArchiveContract {}
