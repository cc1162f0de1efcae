package io.blockroom.adapters.redis;

import io.blockroom.domain.room.RoomId;
import java.util.List;

/**
 * The names of all keys and channels. Keys of a room share its hash tag, so that they lie in one
 * slot of a cluster; what clients choose freely (block ids, nicknames) is never part of a name.
 */
final class RedisKeys {
  /** Every node that ever ran and was not ended yet (a set). */
  static final String NODES = "blockroom:nodes";

  /** What the channel of a node begins with; its id follows. */
  static final String CHANNELS = "blockroom:events:";

  private RedisKeys() {}

  /** The keys that every script of a room is given, in the order that {@code room.lua} says. */
  static List<Object> ofRoom(RoomId room, String node) {
    String prefix = prefix(room);
    return List.of(
        prefix + "members",
        prefix + "locks",
        prefix + "counts",
        prefix + "nodes",
        revision(room),
        prefix + "presence",
        prefix + "marks",
        prefix + "tokens",
        prefix + "line",
        lease(room, node));
  }

  /** The number of a room's last change. */
  static String revision(RoomId room) {
    return prefix(room) + "revision";
  }

  /** What the leases of a room begin with; a node's id follows. */
  static String leases(RoomId room) {
    return prefix(room) + "lease:";
  }

  /** The lock that a node's seats in a room hang on. */
  static String lease(RoomId room, String node) {
    return leases(room) + node;
  }

  /** The node on whose lease hangs what another one left behind; no node names itself so. */
  static String heirOf(String node) {
    return node + "~";
  }

  /** The lock that says that a node lives. */
  static String life(String node) {
    return "blockroom:life:" + node;
  }

  /** The lock of whoever is at some recurring work. */
  static String chore(String name) {
    return "blockroom:chore:" + name;
  }

  /** The rooms in which a node has, or is about to have, a lease (a set). */
  static String roomsOf(String node) {
    return "blockroom:rooms:" + node;
  }

  /** Where a node hears what happens in the rooms it has seats in. */
  static String channel(String node) {
    return CHANNELS + node;
  }

  private static String prefix(RoomId room) {
    return "blockroom:{" + room.value() + "}:";
  }
}
