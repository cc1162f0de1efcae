package io.blockroom.architecture.planted.application.service;

import java.util.UUID;

/** Asks for an id. */
public final class ServiceThatMakesIds {
  public UUID id() {
    return UUID.randomUUID();
  }
}
