package io.blockroom.architecture.planted.application.port.out;

/** A port as it should be. */
public interface Rooms {
  int count();
}
