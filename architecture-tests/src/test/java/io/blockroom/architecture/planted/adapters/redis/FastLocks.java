package io.blockroom.architecture.planted.adapters.redis;

import io.blockroom.architecture.planted.application.port.out.Locks;

/** Named after a wish. */
public final class FastLocks implements Locks {
  @Override
  public boolean take(String block) {
    return true;
  }
}
