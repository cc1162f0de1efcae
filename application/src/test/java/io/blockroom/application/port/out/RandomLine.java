package io.blockroom.application.port.out;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.blockroom.application.port.out.BlockLocks.AdvanceOutcome;
import io.blockroom.application.port.out.BlockLocks.HandOverOutcome;
import io.blockroom.application.port.out.BlockLocks.LineOutcome;
import io.blockroom.application.port.out.BlockLocks.LockOutcome;
import io.blockroom.application.port.out.BlockLocks.ReleaseOutcome;
import io.blockroom.application.port.out.BlockLocks.ReserveOutcome;
import io.blockroom.application.port.out.BlockLocks.Unprepared;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.lock.Ticket;
import io.blockroom.domain.lock.Waiter;
import io.blockroom.domain.lock.WaitingLine;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.LeaveReason;
import io.blockroom.domain.room.RoomView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** Four people who ask, wait, let go, leave and come as chance will have it, beside a model. */
final class RandomLine {
  private static final List<Participant> PEOPLE =
      List.of(TwoServers.ADA, TwoServers.BOB, TwoServers.CAT, BlockLineContract.DAN);
  private static final List<BlockId> BLOCKS =
      List.of(TwoServers.INTRO, TwoServers.LOOP, TwoServers.END, new BlockId("b4"));
  private static final int MOST_PER_BLOCK = 3;

  private final BlockLineContract servers;
  private final long seed;
  private final Random random;
  private int tickets;

  // The model

  private final Set<Participant> seated = new LinkedHashSet<>();
  private final Map<BlockId, ClientId> owners = new HashMap<>();
  private final Map<BlockId, ClientId> reserved = new HashMap<>();
  private final Map<Participant, ReserveOutcome.Reserved> commits = new HashMap<>();

  /** Blocks that were taken away, and whose former owners are not barred yet. */
  private final Set<BlockId> unfenced = new HashSet<>();

  private WaitingLine line = WaitingLine.EMPTY;

  RandomLine(BlockLineContract servers, long seed) {
    this.servers = servers;
    this.seed = seed;
    random = new Random(seed);
  }

  void run(int steps) {
    PEOPLE.forEach(each -> {
      servers.seat(at(each), each);
      seated.add(each);
    });
    for (int step = 0; step < steps; step++) {
      String what = step();
      compare(what);
      fence();
      compare(what + ", fenced");
    }
    assertEventsFit();
  }

  private String step() {
    Participant who = PEOPLE.get(random.nextInt(PEOPLE.size()));
    BlockId block = BLOCKS.get(random.nextInt(BLOCKS.size()));
    ReserveOutcome.Reserved commit = commits.get(who);
    if (!seated.contains(who)) {
      servers.seat(at(who), who);
      seated.add(who);
      return "come " + who;
    }
    if (commit != null) {
      return endCommit(who, commit);
    }
    return switch (random.nextInt(16)) {
      case 0, 1, 2, 3, 4 -> queue(who);
      case 5, 6 -> acquire(who);
      case 7, 8, 9, 10 -> release(who);
      case 11 -> leaveLine(who);
      case 12 -> handOver(who, block);
      case 13 -> reserve(who);
      case 14 -> takeAway(who, block);
      default -> giveUp(who);
    };
  }

  private String queue(Participant who) {
    Waiter waiter = new Waiter(new Ticket("t" + ++tickets), who.clientId(), anyRequest());
    LineOutcome outcome = prepared(() -> locks(who).queue(servers.room(), waiter, MOST_PER_BLOCK));
    switch (outcome) {
      case LockOutcome.Granted _ -> grantUnlessInTheWay(waiter, outcome);
      case LineOutcome.LineFull _ -> {
        check(isInTheWay(waiter), outcome);
        check(!line.hasRoomFor(waiter, MOST_PER_BLOCK), outcome);
      }
      case LockOutcome.Denied _ -> {
        check(isInTheWay(waiter) && line.hasRoomFor(waiter, MOST_PER_BLOCK), outcome);
        check(line.wouldDeadlock(waiter, owners), outcome);
      }
      case LineOutcome.Queued queued -> {
        check(isInTheWay(waiter) && line.hasRoomFor(waiter, MOST_PER_BLOCK), outcome);
        check(!line.wouldDeadlock(waiter, owners), outcome);
        line = line.with(waiter);
        check(line.positionOf(waiter.ticket()).orElseThrow() == queued.position(), outcome);
      }
      case LockOutcome.LimitReached _, LockOutcome.SeatLost _, Unprepared _ ->
          check(false, outcome);
    }
    return "queue " + waiter;
  }

  private String acquire(Participant who) {
    Waiter asker = new Waiter(new Ticket("none"), who.clientId(), anyRequest());
    LockOutcome outcome =
        prepared(() -> locks(who).acquire(servers.room(), who.clientId(), asker.request()));
    switch (outcome) {
      case LockOutcome.Granted _ -> grantUnlessInTheWay(asker, outcome);
      case LockOutcome.Denied _ -> check(isInTheWay(asker), outcome);
      case LockOutcome.LimitReached _, LockOutcome.SeatLost _, Unprepared _ ->
          check(false, outcome);
    }
    return "acquire " + asker;
  }

  private void grantUnlessInTheWay(Waiter asker, LineOutcome outcome) {
    check(!isInTheWay(asker), outcome);
    grant(asker);
    grantTurns();
  }

  private boolean isInTheWay(Waiter asker) {
    ClientId client = asker.client();
    return asker.request().blocks().stream()
        .filter(block -> !client.equals(owners.get(block)))
        .anyMatch(block ->
            owners.containsKey(block)
                || !client.equals(reserved.getOrDefault(block, client))
                || line.firstFor(block, client).isPresent());
  }

  private String release(Participant who) {
    Set<BlockId> all = new LinkedHashSet<>();
    owners.forEach((block, owner) -> {
      if (owner.equals(who.clientId()) && (all.isEmpty() || random.nextBoolean())) {
        all.add(block);
      }
    });
    ReleaseOutcome outcome = locks(who).release(servers.room(), who.clientId(), all);
    check(outcome instanceof ReleaseOutcome.Released, outcome);
    all.forEach(owners::remove);
    grantTurns();
    return "release " + who + all;
  }

  private String leaveLine(Participant who) {
    Set<Ticket> left = new HashSet<>();
    for (Waiter each : line.waiters()) {
      if (each.client().equals(who.clientId()) && random.nextBoolean()) {
        left.add(each.ticket());
        line = line.without(each.ticket());
      }
    }
    var _ = locks(who).leaveLine(servers.room(), left);
    grantTurns();
    return "leave line " + left;
  }

  private String handOver(Participant who, BlockId block) {
    Participant to = PEOPLE.get(random.nextInt(PEOPLE.size()));
    HandOverOutcome outcome =
        prepared(() -> locks(who).handOver(servers.room(), who.clientId(), block, to.clientId()));
    boolean isHeld = who.clientId().equals(owners.get(block));
    switch (outcome) {
      case HandOverOutcome.HandedOver _ -> {
        check(isHeld && seated.contains(to), outcome);
        owners.put(block, to.clientId());
        grantTurns();
      }
      case HandOverOutcome.NotHeld _ -> check(!isHeld, outcome);
      case HandOverOutcome.NoSuchParticipant _ -> check(isHeld && !seated.contains(to), outcome);
      case HandOverOutcome.LimitReached _, HandOverOutcome.SeatLost _, Unprepared _ ->
          check(false, outcome);
    }
    return "hand over " + block + " of " + who + " to " + to;
  }

  private String reserve(Participant who) {
    LockRequest request = anyRequest();
    ReserveOutcome outcome =
        prepared(() -> servers.claim(at(who), who, request.blocks().toArray(BlockId[]::new)));
    if (outcome instanceof ReserveOutcome.Reserved commit) {
      commits.put(who, commit);
      commit
          .reserved()
          .keySet()
          .forEach(block -> {
            reserved.put(block, who.clientId());
            unfenced.remove(block);
          });
    }
    return "reserve " + who + request;
  }

  private String endCommit(Participant who, ReserveOutcome.Reserved commit) {
    commits.remove(who);
    commit.reserved().keySet().forEach(block -> reserved.remove(block, who.clientId()));
    if (random.nextBoolean()) {
      servers.end(at(who), who, commit, false);
    } else {
      List<BlockId> held =
          commit.held().stream()
              .map(lock -> lock.block())
              .filter(block -> who.clientId().equals(owners.get(block)))
              .toList();
      held.forEach(owners::remove);
      var _ =
          at(who)
              .broadcast()
              .announce(
                  servers.room(),
                  List.of(
                      TwoServers.announcement(
                          TwoServers.edit(who), commit, held.toArray(BlockId[]::new))));
    }
    grantTurns();
    return "end commit " + who;
  }

  private String takeAway(Participant who, BlockId block) {
    if (random.nextBoolean()) {
      boolean isForced = locks(who).force(servers.room(), block);
      check(isForced == owners.containsKey(block), block);
      if (owners.remove(block) != null) {
        unfenced.add(block);
      }
    } else {
      locks(who).endIdle(servers.room(), who.clientId());
      owners
          .entrySet()
          .removeIf(each -> {
            boolean isTheirs = each.getValue().equals(who.clientId());
            return isTheirs && unfenced.add(each.getKey());
          });
    }
    grantTurns();
    return "take away " + block + " or all of " + who;
  }

  private String giveUp(Participant who) {
    if (who.equals(TwoServers.ADA) || who.equals(TwoServers.BOB)) {
      return "stay " + who; // so that both servers hear all
    }
    at(who).seats().giveUp(servers.room(), who.clientId(), LeaveReason.LEFT);
    seated.remove(who);
    line = line.without(who.clientId());
    owners.values().removeIf(who.clientId()::equals);
    grantTurns();
    return "give up " + who;
  }

  // The model's turns

  private void grant(Waiter granted) {
    granted
        .request()
        .blocks()
        .forEach(block -> {
          owners.put(block, granted.client());
          reserved.remove(block);
          unfenced.remove(block);
        });
  }

  /** Grants all turns that have come, and tells the first that wait for a fence. */
  private Optional<Waiter> grantTurns() {
    Set<Ticket> heldUp = new HashSet<>();
    List<Waiter> waiting = new ArrayList<>();
    for (Optional<Waiter> next = line.next(owners, reserved, heldUp);
        next.isPresent();
        next = line.next(owners, reserved, heldUp)) {
      Waiter waiter = next.get();
      if (needingFences(waiter).isEmpty()) {
        line = line.without(waiter.ticket());
        grant(waiter);
      } else {
        heldUp.add(waiter.ticket());
        waiting.add(waiter);
      }
    }
    return waiting.stream().findFirst();
  }

  private Set<BlockId> needingFences(Waiter waiter) {
    Set<BlockId> blocks = new HashSet<>(waiter.request().blocks());
    blocks.retainAll(unfenced);
    blocks.removeAll(owners.keySet());
    return blocks;
  }

  private void fence() {
    BlockLocks locks = servers.there().locks();
    AdvanceOutcome outcome = prepared(() -> locks.advance(servers.room()));
    check(outcome instanceof AdvanceOutcome.Advanced, outcome);
    for (Optional<Waiter> first = grantTurns(); first.isPresent(); first = grantTurns()) {
      unfenced.removeAll(needingFences(first.get()));
    }
  }

  // Comparing

  private void compare(String what) {
    RoomView view = servers.here().seats().look(servers.room());
    String where = "seed " + seed + ", " + what;
    assertThat(TwoServers.owners(view)).as(where).isEqualTo(owners);
    assertThat(view.line()).as(where).isEqualTo(line);
  }

  private void check(boolean holds, Object outcome) {
    assertThat(holds).as("seed %d, %s, owners %s, line %s", seed, outcome, owners, line).isTrue();
  }

  private void assertEventsFit() {
    RoomView end = servers.here().seats().look(servers.room());
    for (TwoServers.Server server : List.of(servers.here(), servers.there())) {
      await()
          .atMost(TwoServers.SOON)
          .untilAsserted(() ->
              assertThat(server.heard().changesOf(servers.room()).getLast().revision())
                  .isEqualTo(end.revision()));
      LineWatch watch = new LineWatch();
      server.heard().changesOf(servers.room()).forEach(watch::see);
      assertThat(watch.violations()).as("seed " + seed).isEmpty();
      assertThat(watch.owners()).as("seed " + seed).isEqualTo(owners);
      assertThat(watch.line()).as("seed " + seed).isEqualTo(line);
    }
  }

  private interface Asking<T> {
    T ask();
  }

  private <T> T prepared(Asking<T> asking) {
    T answer = asking.ask();
    while (answer instanceof Unprepared missing) {
      servers.prepare(servers.here(), missing);
      answer = asking.ask();
    }
    return answer;
  }

  private LockRequest anyRequest() {
    return LockRequest.of(
        BLOCKS.get(random.nextInt(BLOCKS.size())),
        IntStream.range(0, Math.max(0, random.nextInt(5) - 2))
            .mapToObj(i -> BLOCKS.get(random.nextInt(BLOCKS.size())))
            .toList());
  }

  private TwoServers.Server at(Participant who) {
    boolean isHere = who.equals(TwoServers.ADA) || who.equals(TwoServers.CAT);
    return isHere ? servers.here() : servers.there();
  }

  private BlockLocks locks(Participant who) {
    return at(who).locks();
  }
}
