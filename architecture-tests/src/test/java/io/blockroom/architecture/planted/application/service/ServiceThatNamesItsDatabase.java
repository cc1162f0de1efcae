package io.blockroom.architecture.planted.application.service;

import io.blockroom.architecture.planted.adapters.postgres.Shelf;

/** A service depends on an adapter, and makes it. */
public final class ServiceThatNamesItsDatabase {
  private final Shelf shelf = new Shelf();

  public Shelf shelf() {
    return shelf;
  }
}
