package io.blockroom.architecture.planted.adapters.redis;

import io.helidon.dbclient.DbClient;

/** Helidon's SQL client outside its adapter. */
public record LocksThatAskDbClient(DbClient database) {}
