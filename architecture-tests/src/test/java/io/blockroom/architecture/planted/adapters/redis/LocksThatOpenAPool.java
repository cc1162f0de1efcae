package io.blockroom.architecture.planted.adapters.redis;

import com.zaxxer.hikari.HikariDataSource;

/** The connection pool outside its adapter. */
public record LocksThatOpenAPool(HikariDataSource database) {}
