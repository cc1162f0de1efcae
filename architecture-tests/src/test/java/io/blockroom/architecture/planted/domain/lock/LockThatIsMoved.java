package io.blockroom.architecture.planted.domain.lock;

/** A value that changes. */
public final class LockThatIsMoved {
  private int owner;

  public int move() {
    return ++owner;
  }
}
