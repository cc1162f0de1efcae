package io.blockroom.application.service;

import io.blockroom.application.port.in.RoomFollower;
import io.blockroom.application.port.in.Seat;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Color;
import io.blockroom.domain.participant.Nickname;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.RoomId;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/**
 * The last one leaves a room while another one comes in, in many orders of the two; one in which
 * the newcomer follows a feed that nobody feeds any more is printed step by step.
 */
class RoomFeedsInterleavingTest {
  private static final int ORDERS = 30;

  private static final RoomId ROOM = new RoomId("r1");
  private static final Participant ADA = pupil("ada");
  private static final Participant BOB = pupil("bob");

  @Test
  void a_room_has_a_feed_while_somebody_follows_it() {
    RoomFeeds feeds = new School().server().feeds;
    RoomFollower follower = RecordingFollower.ofV1();
    Lincheck.runConcurrentTest(
        ORDERS,
        () -> {
          feeds.enter(ROOM, ADA, follower, 1);
          Thread leaving = new Thread(() -> leave(feeds, ADA));
          leaving.start();
          feeds.enter(ROOM, BOB, follower, 1);
          join(leaving);

          RoomFeed feed = feeds.of(ROOM);
          check(feed != null && feed.isFollowedBy(BOB.clientId()), "Bob follows no feed");
          leave(feeds, BOB);
          check(feeds.of(ROOM) == null, "nobody follows the feed that is left");
        });
  }

  private static void leave(RoomFeeds feeds, Participant participant) {
    feeds.leave(new Seat(ROOM, participant.clientId()));
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private static Participant pupil(String name) {
    return new Participant(new ClientId(name), new Nickname(name), Color.ofPalette(0));
  }
}
