package io.blockroom.architecture.planted.adapters.redis;

import org.postgresql.PGConnection;

/** The JDBC driver outside its adapter. */
public record LocksThatNameTheDriver(PGConnection database) {}
