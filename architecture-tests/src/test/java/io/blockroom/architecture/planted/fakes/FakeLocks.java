package io.blockroom.architecture.planted.fakes;

import io.blockroom.architecture.planted.application.port.out.Locks;

/** Named after what it is not. */
public final class FakeLocks implements Locks {
  @Override
  public boolean take(String block) {
    return true;
  }
}
