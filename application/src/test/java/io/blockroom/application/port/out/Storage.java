package io.blockroom.application.port.out;

/** The ports of one durable storage. */
public record Storage(
    Rooms rooms, CommitLog log, Workspaces workspaces, Fences fences, RoomArchive archive) {
  /** One object that is all of them. */
  public static <S extends Rooms & CommitLog & Workspaces & Fences & RoomArchive> Storage of(
      S all) {
    return new Storage(all, all, all, all, all);
  }
}
