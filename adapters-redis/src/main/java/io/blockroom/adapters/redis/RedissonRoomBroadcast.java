package io.blockroom.adapters.redis;

import io.blockroom.application.port.out.RoomBroadcast;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.WorkspaceXml;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.RoomEvent.CommitApplied;
import io.blockroom.domain.room.RoomId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.redisson.api.RTopic;

/** Broadcast over one channel per node; the scripts that change a room publish to it. */
final class RedissonRoomBroadcast implements RoomBroadcast {
  private static final System.Logger LOG = System.getLogger(RedissonRoomBroadcast.class.getName());

  private final RoomScripts scripts;
  private final RTopic channel;
  private final LostLeases lostLeases;

  /**
   * @param channel this node's, of raw bytes
   */
  RedissonRoomBroadcast(RoomScripts scripts, RTopic channel, LostLeases lostLeases) {
    this.scripts = scripts;
    this.channel = channel;
    this.lostLeases = lostLeases;
  }

  @Override
  public AnnounceOutcome announce(RoomId room, CommitApplied commit, Set<BlockId> releases) {
    List<String> arguments = new ArrayList<>(6 + releases.size());
    arguments.add(commit.by().value());
    arguments.add(Long.toString(commit.seq().value()));
    arguments.add(commit.block().value());
    arguments.add(commit.events());
    arguments.add(commit.workspace().isPresent() ? "1" : "0");
    arguments.add(commit.workspace().map(WorkspaceXml::text).orElse(""));
    releases.forEach(block -> arguments.add(block.value()));
    List<String> answer = scripts.run(RoomScript.ANNOUNCE_COMMIT, room, arguments);
    return answer.getFirst().equals("ANNOUNCED")
        ? new AnnounceOutcome.Announced(new Revision(Long.parseLong(answer.get(1))))
        : new AnnounceOutcome.SeatLost();
  }

  @Override
  public void listen(Listener listener) {
    lostLeases.listen(listener);
    RedisCalls.await(
        channel.addListenerAsync(byte[].class, (name, message) -> hear(listener, message)));
  }

  private static void hear(Listener listener, byte[] message) {
    try {
      listener.changed(RoomMessage.decode(message));
    } catch (RuntimeException unreadable) {
      // Whoever else publishes to this channel must not silence it. The jump in the room's
      // revisions makes the listener look for itself.
      LOG.log(
          System.Logger.Level.WARNING,
          "a broadcast cannot be read: {0}",
          unreadable.getClass().getName());
    }
  }
}
