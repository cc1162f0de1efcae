package io.blockroom.architecture.planted.adapters.redis;

import java.sql.Connection;

/** SQL outside its adapter. */
public record LocksThatAskSql(Connection database) {}
