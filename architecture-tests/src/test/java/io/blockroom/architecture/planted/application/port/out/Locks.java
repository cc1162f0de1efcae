package io.blockroom.architecture.planted.application.port.out;

/** A port as it should be. */
public interface Locks {
  boolean take(String block);
}
