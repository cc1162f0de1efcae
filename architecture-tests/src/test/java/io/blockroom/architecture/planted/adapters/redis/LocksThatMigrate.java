package io.blockroom.architecture.planted.adapters.redis;

import org.flywaydb.core.Flyway;

/** The migrations outside its adapter. */
public record LocksThatMigrate(Flyway database) {}
