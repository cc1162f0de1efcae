package io.blockroom.adapters.redis;

import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.domain.room.RoomId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.redisson.api.RFuture;
import org.redisson.api.RScript;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/** Runs scripts on rooms, in this node's name. */
final class RoomScripts {
  private static final System.Logger LOG = System.getLogger(RoomScripts.class.getName());

  private final AtomicBoolean isFailing = new AtomicBoolean();
  private final RScript scripts;
  private final String node;
  private final String holder;

  /**
   * @param holder the name under which Redisson's locks know this node: a lease under another one
   *     is somebody else's
   */
  RoomScripts(RedissonClient redisson, String node, String holder) {
    this.scripts = redisson.getScript(StringCodec.INSTANCE);
    this.node = node;
    this.holder = holder;
  }

  /** The name under which Redisson's locks know this node. */
  String holder() {
    return holder;
  }

  /**
   * What the script returns.
   *
   * @throws CoordinationUnavailable if there is no answer in time
   */
  Answer run(RoomScript script, RoomId room, Collection<String> arguments) {
    return run(script, room, arguments, Deadline.ofRequest());
  }

  Answer run(RoomScript script, RoomId room, String... arguments) {
    return run(script, room, List.of(arguments));
  }

  Answer run(RoomScript script, RoomId room, Collection<String> arguments, Deadline deadline) {
    try {
      List<String> answer = RedisCalls.await(send(script, room, arguments), deadline);
      if (isFailing.getAndSet(false)) {
        LOG.log(System.Logger.Level.INFO, "Redis answers again");
      }
      return new Answer(answer);
    } catch (CoordinationUnavailable failure) {
      noteFailure(failure);
      throw failure;
    }
  }

  /** Says so once, not for every call until it works again. */
  private void noteFailure(CoordinationUnavailable failure) {
    if (!isFailing.getAndSet(true)) {
      Throwable root = failure;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      LOG.log(System.Logger.Level.WARNING, "Redis fails: {0}", root.getClass().getName());
    }
  }

  /** Lets the script run without waiting for what it returns. */
  RFuture<List<String>> send(RoomScript script, RoomId room, Collection<String> arguments) {
    List<String> all = new ArrayList<>(5 + arguments.size());
    all.add(room.value());
    all.add(node);
    all.add(holder);
    all.add(RedisKeys.leases(room));
    all.add(RedisKeys.CHANNELS);
    all.addAll(arguments);
    List<Object> keys = RedisKeys.ofRoom(room, node);
    return scripts.evalAsync(
        (String) keys.getFirst(),
        RScript.Mode.READ_WRITE,
        script.lua(),
        RScript.ReturnType.LIST,
        keys,
        all.toArray());
  }
}
