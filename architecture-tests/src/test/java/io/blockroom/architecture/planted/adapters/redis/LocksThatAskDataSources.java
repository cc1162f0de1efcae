package io.blockroom.architecture.planted.adapters.redis;

import javax.sql.DataSource;

/** A source of connections outside its adapter. */
public record LocksThatAskDataSources(DataSource database) {}
