package io.blockroom.architecture.planted.adapters.redis;

import io.blockroom.architecture.planted.adapters.postgres.Shelf;

/** One adapter depends on another. */
public record LocksThatReadStores(Shelf shelf) {}
