package io.blockroom.architecture.planted.domain.room;

/** A value with a setter. */
public record RoomWithASetter(String title) {
  public RoomWithASetter setTitle(String changed) {
    return new RoomWithASetter(changed);
  }
}
