package io.blockroom.adapters.redis;

import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.RoomId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.redisson.api.RFuture;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/** The revisions of many rooms, which cost a key each to read and no script. */
final class RoomRevisions {
  private final RedissonClient redisson;
  private final int atOnce;

  private record Part(List<RoomId> rooms, RFuture<Map<String, String>> answer) {
    Part {
      rooms = List.copyOf(rooms);
    }
  }

  /**
   * @param atOnce how many may be read in one step
   */
  RoomRevisions(RedissonClient redisson, int atOnce) {
    this.redisson = redisson;
    this.atOnce = atOnce;
  }

  /**
   * Those that are found.
   *
   * @throws CoordinationUnavailable if nothing answers
   */
  Map<RoomId, Revision> of(Set<RoomId> rooms) {
    Deadline deadline = Deadline.ofRequest();
    Map<RoomId, Revision> found = new HashMap<>();
    List<CoordinationUnavailable> failures = new ArrayList<>();
    List<Part> parts = ask(List.copyOf(rooms));
    for (Part part : parts) {
      try {
        Map<String, String> answer = RedisCalls.await(part.answer, deadline);
        part.rooms.forEach(room -> note(room, answer, found));
      } catch (CoordinationUnavailable away) {
        failures.add(away);
      }
    }
    if (!failures.isEmpty() && failures.size() == parts.size()) {
      throw failures.getFirst();
    }
    return found;
  }

  private static void note(RoomId room, Map<String, String> answer, Map<RoomId, Revision> found) {
    String revision = answer.get(RedisKeys.revision(room));
    if (revision != null) {
      found.put(room, new Revision(Long.parseLong(revision)));
    }
  }

  /** All at once: none waits for the answer of another, which may lie on a dead server. */
  private List<Part> ask(List<RoomId> rooms) {
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < rooms.size(); i += atOnce) {
      List<RoomId> some = rooms.subList(i, Math.min(i + atOnce, rooms.size()));
      String[] keys = some.stream().map(RedisKeys::revision).toArray(String[]::new);
      parts.add(new Part(some, redisson.getBuckets(StringCodec.INSTANCE).getAsync(keys)));
    }
    return parts;
  }
}
