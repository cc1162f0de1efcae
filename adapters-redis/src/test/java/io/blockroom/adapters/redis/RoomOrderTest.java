package io.blockroom.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.blockroom.application.port.out.AtOnce;
import io.blockroom.application.port.out.LineWatch;
import io.blockroom.application.port.out.RoomBroadcast.Announcement;
import io.blockroom.application.port.out.TwoServers;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.commit.SequenceNumber;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.lock.Grant;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.lock.Ticket;
import io.blockroom.domain.lock.Waiter;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.LeaveReason;
import io.blockroom.domain.room.RoomChange;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomEvent.CommitApplied;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Everybody hears what happens in a room in one order, whoever does what where. */
class RoomOrderTest extends OnRealRedis {
  private static final Duration LENGTH = Duration.ofSeconds(3);
  private static final List<RoomId> ROOMS = List.of(new RoomId("order-1"), new RoomId("order-2"));
  private static final int CLIENTS = 12;
  private static final int BLOCKS = 5;
  private static final Participant HOST_HERE = TwoServers.participant("host-h", "Host");
  private static final Participant HOST_THERE = TwoServers.participant("host-t", "Host");

  @Test
  void both_servers_hear_one_order_in_which_every_owner_follows_a_release() {
    long seed = System.nanoTime();
    // The hosts stay, so that both servers hear everything from the second change on.
    for (RoomId room : ROOMS) {
      here.seats().take(room, HOST_HERE, 50);
      here.locks().stock(room, TwoServers.draw());
      there.seats().take(room, HOST_THERE, 50);
    }
    long end = System.nanoTime() + LENGTH.toNanos();

    AtOnce.call(CLIENTS, n -> work(n, new Random(seed + n), end));

    for (RoomId room : ROOMS) {
      RoomView last = here.seats().look(room);
      for (RedissonServer server : List.of(here, there)) {
        await()
            .atMost(SOON)
            .until(
                () -> server.heard().changesOf(room).getLast().revision().equals(last.revision()));
      }
      List<RoomChange> fromHere = here.heard().changesOf(room);
      assertThat(fromHere).describedAs("seed %d", seed).hasSizeGreaterThan(100);
      assertThat(there.heard().changesOf(room))
          .describedAs("seed %d", seed)
          .isEqualTo(fromHere.subList(1, fromHere.size()));
      assertThat(replayed(fromHere, seed)).describedAs("seed %d", seed).isEqualTo(last.locks());
    }
  }

  private boolean work(int number, Random random, long end) {
    RedissonServer server = number % 2 == 0 ? here : there;
    RoomId room = ROOMS.get(number / 2 % ROOMS.size());
    for (int visit = 0; System.nanoTime() < end; visit++) {
      Participant self = TwoServers.participant("c" + number + "-" + visit, "Client");
      server.seats().take(room, self, 50);
      int steps = random.nextInt(30);
      for (int step = 0; step < steps && System.nanoTime() < end; step++) {
        LockRequest request = LockRequest.of(block(random), List.of(block(random), block(random)));
        int choice = random.nextInt(6);
        if (choice > 3) {
          server.locks().acquire(room, self.clientId(), request);
        } else if (choice > 1) {
          Ticket ticket = new Ticket(self.clientId() + "-" + step);
          server.locks().queue(room, new Waiter(ticket, self.clientId(), request), 5);
        } else {
          server
              .broadcast()
              .announce(
                  room,
                  List.of(
                      new Announcement(
                          commit(self, random), Set.of(block(random)), Map.of(), Set.of())));
        }
      }
      server.seats().giveUp(room, self.clientId(), LeaveReason.LEFT);
    }
    return true;
  }

  private static BlockId block(Random random) {
    return new BlockId("block-" + random.nextInt(BLOCKS));
  }

  private static CommitApplied commit(Participant by, Random random) {
    return new CommitApplied(
        SequenceNumber.NONE,
        by.clientId(),
        block(random),
        "[]",
        Instant.EPOCH,
        Optional.empty(),
        Optional.empty());
  }

  /** Who holds what at the end, if everything heard is true. */
  private static Map<BlockId, Grant> replayed(List<RoomChange> changes, long seed) {
    Set<ClientId> seated = new HashSet<>();
    Map<BlockId, Grant> owners = new HashMap<>();
    Map<BlockId, FencingToken> newest = new HashMap<>();
    LineWatch watch = new LineWatch();
    AtomicInteger lines = new AtomicInteger();
    RoomChange before = null;
    for (RoomChange change : changes) {
      watch.see(change);
      if (before != null) {
        assertThat(before.revision().isFollowedBy(change.revision()))
            .describedAs("seed %d: %s after %s", seed, change, before)
            .isTrue();
      }
      before = change;
      for (RoomEvent event : change.events()) {
        String at = "seed %d: %s in %s".formatted(seed, event, change);
        switch (event) {
          case RoomEvent.ParticipantJoined joined ->
              assertThat(seated.add(joined.participant().clientId())).describedAs(at).isTrue();
          case RoomEvent.ParticipantLeft left -> {
            assertThat(seated.remove(left.clientId())).describedAs(at).isTrue();
            assertThat(owners.values())
                .describedAs(at)
                .noneMatch(grant -> grant.owner().equals(left.clientId()));
          }
          case RoomEvent.BlockLocked locked -> {
            assertThat(seated).describedAs(at).contains(locked.owner());
            Grant grant = new Grant(locked.owner(), locked.token());
            assertThat(owners.put(locked.block(), grant)).describedAs(at).isNull();
            FencingToken former = newest.put(locked.block(), locked.token());
            assertThat(former == null || former.isOlderThan(locked.token()))
                .describedAs(at)
                .isTrue();
          }
          case RoomEvent.BlockReleased released -> owners.remove(released.block());
          case CommitApplied commit -> assertThat(seated).describedAs(at).contains(commit.by());
          case RoomEvent.LineJoined _, RoomEvent.LineLeft _, RoomEvent.TurnCame _ ->
              lines.incrementAndGet();
          case RoomEvent.SeatTakenOver _,
              RoomEvent.HistoryReplaced _,
              RoomEvent.RulesChanged _,
              RoomEvent.RoomClosed _ ->
              throw new AssertionError(at);
        }
      }
    }
    assertThat(watch.violations()).describedAs("seed %d", seed).isEmpty();
    assertThat(lines).describedAs("seed %d", seed).hasValueGreaterThan(10);
    return owners;
  }
}
