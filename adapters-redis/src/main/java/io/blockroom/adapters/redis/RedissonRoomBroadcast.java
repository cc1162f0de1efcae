package io.blockroom.adapters.redis;

import io.blockroom.application.port.out.RoomBroadcast;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.room.Revision;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.redisson.api.RFuture;
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
  public Revision announce(RoomId room, List<Announcement> announcements) {
    List<String> arguments = new ArrayList<>();
    announcements.forEach(each -> addTo(arguments, each));
    return scripts.run(RoomScript.ANNOUNCE_COMMITS, room, arguments).revision();
  }

  private static void addTo(List<String> arguments, Announcement announcement) {
    List<String> event = RoomMessage.encode(announcement.commit());
    arguments.addAll(event.subList(1, event.size()));
    arguments.add(Integer.toString(announcement.releases().size()));
    announcement.releases().forEach(block -> arguments.add(block.value()));
    arguments.add(Integer.toString(announcement.grants().size()));
    announcement
        .grants()
        .forEach((block, token) -> {
          arguments.add(block.value());
          arguments.add(Long.toString(token.value()));
          arguments.add(announcement.reserved().contains(block) ? "1" : "0");
        });
  }

  @Override
  public void tell(RoomId room, RoomEvent event) {
    scripts.run(RoomScript.TELL, room, RoomMessage.encode(event));
  }

  @Override
  public void showPresence(Map<RoomId, Map<ClientId, Presence>> news) {
    Deadline deadline = Deadline.ofRequest();
    List<RFuture<List<String>>> calls = new ArrayList<>();
    news.forEach((room, inRoom) -> {
      List<String> arguments = new ArrayList<>(2 * inRoom.size());
      inRoom.forEach((clientId, presence) -> {
        arguments.add(clientId.value());
        arguments.add(Texts.of(presence));
      });
      calls.add(scripts.send(RoomScript.SHOW_PRESENCE, room, arguments));
    });
    calls.forEach(call -> RedisCalls.await(call, deadline));
  }

  @Override
  public void listen(Listener listener) {
    lostLeases.listen(listener);
    RedisCalls.await(
        channel.addListenerAsync(byte[].class, (name, message) -> hear(listener, message)));
  }

  private static void hear(Listener listener, byte[] message) {
    try {
      RoomMessage.tell(message, listener);
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
