package io.blockroom.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.blockroom.application.port.out.BlockLocks.LineOutcome;
import io.blockroom.application.port.out.BlockLocks.LockOutcome;
import io.blockroom.application.port.out.BlockLocks.ReserveOutcome;
import io.blockroom.application.port.out.BlockLocks.Unprepared.NeedsFence;
import io.blockroom.application.port.out.TwoServers;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.lock.ReleaseReason;
import io.blockroom.domain.lock.Ticket;
import io.blockroom.domain.lock.Waiter;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.presence.Cursor;
import io.blockroom.domain.presence.Presence;
import io.blockroom.domain.presence.Status;
import io.blockroom.domain.room.LeaveReason;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomId;
import io.blockroom.domain.room.RoomView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Block ids are opaque, whatever they look like to Redis, Lua or a pattern. */
class NastyBlockIdsTest extends OnRealRedis {
  private static final String ALPHABET =
      "!#$%()*+,-./:;=?@[]^_`{|}~ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final List<String> PIECES =
      List.of(
          "*",
          "?",
          "[^a]",
          "{",
          "}",
          "{}",
          "\\",
          "\\n",
          "%s",
          "%",
          "\"",
          "'",
          ":",
          " ",
          "𝒳",
          "🙂",
          "👩‍👩‍👧",
          "\u200f",
          "\u202e",
          "שלום",
          "مرحبا",
          "한글",
          "é",
          "e\u0301",
          "Å",
          "A\u030a",
          "__proto__",
          "blockroom:",
          "$-1",
          "1:a",
          "nil",
          "\uFEFF",
          "\uFFFD",
          "\u2028");
  private static final int IDS = 20_000;
  private static final int GROUP = LockRequest.MAX_BLOCKS;

  @Test
  @DisplayName("A06 20,000 nasty ids come back unchanged, none meets another, none is in a key")
  void nasty_ids_come_back_unchanged_and_none_meets_another() {
    long seed = System.nanoTime();
    List<BlockId> ids = nastyIds(new Random(seed));
    seat(there, BOB);
    Map<BlockId, ClientId> expected = new HashMap<>();

    for (int i = 0; i < IDS; i += GROUP) {
      Set<BlockId> group = new LinkedHashSet<>(ids.subList(i, i + GROUP));
      ClientId owner = owner(i).clientId();
      seat(here, owner(i));
      group.forEach(block -> expected.put(block, owner));
      LockOutcome outcome = here.locks().acquire(ROOM, owner, new LockRequest(ids.get(i), group));
      assertThat(outcome).isInstanceOf(LockOutcome.Granted.class);
      assertThat(((LockOutcome.Granted) outcome).heldBefore())
          .describedAs("seed %d", seed)
          .isEmpty();
      assertThat(there.locks().acquire(ROOM, BOB.clientId(), new LockRequest(ids.get(i), group)))
          .isInstanceOfSatisfying(
              LockOutcome.Denied.class,
              denied ->
                  assertThat(denied.conflicts())
                      .describedAs("seed %d", seed)
                      .extracting(BlockLock::block)
                      .containsExactlyElementsOf(group));
    }

    assertThat(TwoServers.owners(there.seats().look(ROOM)))
        .describedAs("seed %d", seed)
        .isEqualTo(expected);
    assertThat(keys()).describedAs("seed %d", seed).hasSizeLessThan(20);

    for (int i = 0; i < IDS; i += GROUP) {
      Set<BlockId> group = new LinkedHashSet<>(ids.subList(i, i + GROUP));
      BlockId[] touched = group.toArray(BlockId[]::new);
      ReserveOutcome.Reserved reserved = reserve(here, owner(i), touched);
      assertThat(reserved.held())
          .describedAs("seed %d", seed)
          .extracting(BlockLock::block)
          .containsExactly(touched);
      here.broadcast()
          .announce(
              ROOM, List.of(TwoServers.announcement(TwoServers.edit(owner(i)), reserved, touched)));
    }

    assertThat(there.seats().look(ROOM).locks()).describedAs("seed %d", seed).isEmpty();
    there
        .heard()
        .awaitAtEnd(ROOM, SOON, TwoServers.released(ids.getLast(), ReleaseReason.COMMITTED));
    assertThat(blocksOf(RoomEvent.BlockLocked.class))
        .describedAs("seed %d", seed)
        .containsExactlyElementsOf(ids);
    assertThat(blocksOf(RoomEvent.BlockReleased.class))
        .describedAs("seed %d", seed)
        .containsExactlyElementsOf(ids);
  }

  @Test
  void nasty_ids_are_reserved_and_barred_like_any_other() {
    long seed = System.nanoTime();
    BlockId[] ids = nastyIds(new Random(seed)).subList(0, 2000).toArray(BlockId[]::new);
    seat(here, ADA);
    seat(there, BOB);
    ReserveOutcome.Reserved reserved = reserve(here, ADA, ids);
    assertThat(reserved.reserved().keySet()).describedAs("seed %d", seed).containsExactly(ids);

    end(here, ADA, reserved, true);

    NeedsFence needed = new NeedsFence(reserved.reserved());
    assertThat(claim(there, BOB, ids)).describedAs("seed %d", seed).isEqualTo(needed);
    there.locks().barred(ROOM, needed.former());
    reserve(there, BOB, ids);
  }

  @Test
  void nasty_ids_are_waited_for_and_selected_like_any_other() {
    long seed = System.nanoTime();
    List<BlockId> ids = nastyIds(new Random(seed)).subList(0, 8 * GROUP);
    seat(here, ADA);
    List<Waiter> waiters = new ArrayList<>();
    for (int i = 0; i < ids.size(); i += GROUP) {
      Set<BlockId> group = new LinkedHashSet<>(ids.subList(i, i + GROUP));
      seat(here, owner(i));
      here.locks().acquire(ROOM, owner(i).clientId(), new LockRequest(ids.get(i), group));
      BlockId asked = ids.get(i + GROUP / 2);
      Participant waiting = TwoServers.participant("waiting-" + i, "Waiting");
      seat(there, waiting);
      Waiter waiter =
          new Waiter(new Ticket("t" + i), waiting.clientId(), new LockRequest(asked, group));
      waiters.add(waiter);
      assertThat(there.locks().queue(ROOM, waiter, 1))
          .describedAs("seed %d", seed)
          .isInstanceOfSatisfying(
              LineOutcome.Queued.class,
              queued -> assertThat(queued.obstacle().block()).isEqualTo(asked));
    }
    Presence presence =
        new Presence(
            Status.IDLE,
            ids.subList(0, Presence.MAX_SELECTION),
            Optional.of(new Cursor(-1.0 / 3, Double.MAX_VALUE)));

    here.broadcast().showPresence(Map.of(ROOM, Map.of(ADA.clientId(), presence)));

    RoomView view = there.seats().look(ROOM);
    assertThat(view.line().waiters())
        .describedAs("seed %d", seed)
        .containsExactlyElementsOf(waiters);
    assertThat(view.presence())
        .describedAs("seed %d", seed)
        .containsEntry(ADA.clientId(), presence);
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(there.heard().presenceIn(ROOM))
                .describedAs("seed %d", seed)
                .containsEntry(ADA.clientId(), presence));
    assertThat(keys()).describedAs("seed %d", seed).hasSizeLessThan(20);
    for (int i = 0; i < ids.size(); i += GROUP) {
      here.seats().giveUp(ROOM, owner(i).clientId(), LeaveReason.LEFT);
    }
    RoomView after = there.seats().look(ROOM);
    assertThat(after.line().waiters()).describedAs("seed %d", seed).isEmpty();
    assertThat(after.locks().keySet())
        .describedAs("seed %d", seed)
        .containsExactlyInAnyOrderElementsOf(ids);
    assertThat(TwoServers.owners(after).values())
        .describedAs("seed %d", seed)
        .hasSameElementsAs(waiters.stream().map(Waiter::client).toList());
    assertThat(there.heard().eventsOf(ROOM))
        .describedAs("seed %d", seed)
        .containsAll(waiters.stream().map(RoomEvent.LineJoined::new).toList());
  }

  @Test
  void rooms_of_any_script_do_not_meet() {
    List<RoomId> rooms =
        List.of(
            new RoomId("방"),
            new RoomId("방-1"),
            new RoomId("교실"),
            new RoomId("कक्षा"),
            new RoomId("صف"),
            new RoomId("𝒳room"),
            new RoomId("a".repeat(64)),
            new RoomId("ㄱ".repeat(64)));

    for (RoomId room : rooms) {
      here.seats().take(room, ADA, 1);
      here.locks().stock(room, TwoServers.draw());
      here.locks().acquire(room, ADA.clientId(), LockRequest.of(INTRO, List.of()));
    }

    for (RoomId room : rooms) {
      RoomView view = there.seats().look(room);
      assertThat(TwoServers.owners(view)).isEqualTo(Map.of(INTRO, ADA.clientId()));
      FencingToken token = view.locks().values().iterator().next().token();
      here.heard()
          .awaitExactly(
              room,
              SOON,
              TwoServers.joined(ADA),
              new RoomEvent.BlockLocked(INTRO, ADA.clientId(), token));
    }
  }

  /** Whose blocks those from this one on are: nobody may have more than a group. */
  private static Participant owner(int first) {
    return TwoServers.participant("owner-" + first, "Owner");
  }

  private List<BlockId> blocksOf(Class<? extends RoomEvent> kind) {
    return there.heard().eventsOf(ROOM).stream()
        .filter(kind::isInstance)
        .map(event ->
            switch (event) {
              case RoomEvent.BlockLocked locked -> locked.block();
              case RoomEvent.BlockReleased released -> released.block();
              default -> throw new AssertionError(event);
            })
        .toList();
  }

  private List<String> keys() {
    return redis.ask("KEYS *").lines().filter(line -> line.startsWith("blockroom")).toList();
  }

  private static List<BlockId> nastyIds(Random random) {
    Set<BlockId> ids = new LinkedHashSet<>();
    PIECES.forEach(piece -> ids.add(new BlockId(piece)));
    while (ids.size() < IDS) {
      String id = random.nextBoolean() ? blocklyId(random) : oddId(random);
      if (BlockId.isValid(id)) {
        ids.add(new BlockId(id));
      }
    }
    return new ArrayList<>(ids);
  }

  private static String blocklyId(Random random) {
    return random
        .ints(20, 0, ALPHABET.length())
        .mapToObj(i -> ALPHABET.substring(i, i + 1))
        .collect(Collectors.joining());
  }

  /** Up to 128 units, often exactly that. */
  private static String oddId(Random random) {
    StringBuilder id = new StringBuilder();
    int pieces = 1 + random.nextInt(6);
    for (int n = 0; n < pieces; n++) {
      id.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    if (random.nextInt(4) == 0) {
      id.append("x".repeat(Math.max(0, BlockId.MAX_LENGTH - id.length())));
    }
    return id.toString();
  }
}
