package io.blockroom.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.port.out.AtOnce;
import io.blockroom.application.port.out.BlockLocks.LockOutcome;
import io.blockroom.application.port.out.BlockLocks.ReserveOutcome;
import io.blockroom.application.port.out.BlockLocks.Unprepared;
import io.blockroom.application.port.out.BlockLocks.Unprepared.NeedsFence;
import io.blockroom.application.port.out.TwoServers;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.LeaveReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Many on two servers fight for few blocks, as locks and for commits, and not all let go. */
class GrantRaceTest extends OnRealRedis {
  private static final Duration LENGTH = Duration.ofSeconds(3);
  private static final int FIGHTERS = 16;
  private static final int BLOCKS = 4;

  /** The storage's part of the fences: the newest grant of each block that was barred. */
  private final Map<BlockId, FencingToken> bars = new ConcurrentHashMap<>();

  /**
   * What somebody had, as they saw it themselves, by the clock of {@link System#nanoTime()}.
   *
   * @param from when they had it for certain
   * @param to until when they had it for certain
   * @param settled until when a commit under this grant might have landed
   * @param bar what was barred when they had it
   */
  private record Held(
      BlockId block, FencingToken token, long from, long to, long settled, long bar) {
    Held until(long end, long end2) {
      return new Held(block, token, from, end, end2, bar);
    }
  }

  @Test
  @DisplayName("I2 of each block there is one owner at a time, under rising tokens, never unfenced")
  void there_is_one_owner_at_a_time_under_rising_tokens() {
    long seed = System.nanoTime();
    seat(here, ADA);
    seat(there, BOB);
    long end = System.nanoTime() + LENGTH.toNanos();

    List<Held> all =
        AtOnce.call(FIGHTERS, n -> new Fighter(n, new Random(seed + n)).fight(end)).stream()
            .flatMap(List::stream)
            .toList();

    assertThat(all).describedAs("seed %d", seed).hasSizeGreaterThan(200);
    assertThat(all)
        .describedAs("seed %d", seed)
        .anyMatch(held -> held.settled() == Long.MAX_VALUE)
        .anyMatch(held -> held.settled() < Long.MAX_VALUE);
    for (int n = 0; n < BLOCKS; n++) {
      BlockId block = new BlockId("b" + n);
      List<Held> ofBlock =
          all.stream()
              .filter(held -> held.block().equals(block))
              .sorted(Comparator.comparing(Held::token))
              .toList();
      for (int i = 1; i < ofBlock.size(); i++) {
        assertFollows(ofBlock.get(i - 1), ofBlock.get(i), seed);
      }
    }
  }

  private static void assertFollows(Held first, Held next, long seed) {
    String both = "seed %d: %s, then %s".formatted(seed, first, next);
    assertThat(first.token().isOlderThan(next.token())).describedAs(both).isTrue();
    assertThat(next.from() - first.to()).describedAs(both).isPositive();
    assertThat(next.from() > first.settled() || next.bar() >= first.token().value())
        .describedAs(both)
        .isTrue();
  }

  /** One who comes and goes, locks and commits. */
  private final class Fighter {
    private final RedissonServer server;
    private final int number;
    private final Random random;
    private final List<Held> had = new ArrayList<>();
    private Participant self;
    private int visits;

    Fighter(int number, Random random) {
      this.server = number % 2 == 0 ? here : there;
      this.number = number;
      this.random = random;
      this.self = come();
    }

    List<Held> fight(long end) {
      while (System.nanoTime() < end) {
        BlockId[] blocks = blocks();
        if (random.nextBoolean()) {
          lock(blocks);
        } else {
          commit(blocks);
        }
      }
      return had;
    }

    private Participant come() {
      Participant visitor = TwoServers.participant("f" + number + "-" + visits++, "Fighter");
      assertThat(server.seats().take(ROOM, visitor, 50)).isNotNull();
      return visitor;
    }

    private BlockId[] blocks() {
      Set<BlockId> blocks = new LinkedHashSet<>();
      for (int n = random.nextInt(3); n >= 0; n--) {
        blocks.add(new BlockId("b" + random.nextInt(BLOCKS)));
      }
      return blocks.toArray(BlockId[]::new);
    }

    private void lock(BlockId... blocks) {
      LockOutcome outcome = ask(server, self, blocks[0], blocks);
      if (outcome instanceof Unprepared missing) {
        bar(missing);
      } else if (outcome instanceof LockOutcome.Granted granted) {
        List<Held> held = new ArrayList<>();
        granted.locks().forEach(lock -> held.add(begun(lock.block(), lock.token())));
        if (random.nextBoolean()) {
          finish(held, reserve(server, self, blocks), blocks);
        } else {
          long end = System.nanoTime();
          held.forEach(each -> had.add(each.until(end, end)));
          server.locks().release(ROOM, self.clientId(), TwoServers.blocks(blocks));
        }
      }
    }

    private void commit(BlockId... blocks) {
      ReserveOutcome outcome = claim(server, self, blocks);
      if (outcome instanceof Unprepared missing) {
        bar(missing);
      } else if (outcome instanceof ReserveOutcome.Reserved reserved) {
        List<Held> held = new ArrayList<>();
        reserved.reserved().forEach((block, token) -> held.add(begun(block, token)));
        assertThat(reserved.held()).isEmpty();
        finish(held, reserved, blocks);
      }
    }

    /** Ends a commit, and with it all that is held. */
    private void finish(List<Held> held, ReserveOutcome.Reserved reserved, BlockId... blocks) {
      boolean isUnknown = random.nextInt(4) == 0;
      boolean leavesFirst = random.nextInt(4) == 0;
      Participant author = self;
      long given = System.nanoTime();
      if (leavesFirst) {
        server.seats().giveUp(ROOM, author.clientId(), LeaveReason.LEFT);
        self = come();
      }
      long settled = isUnknown ? Long.MAX_VALUE : System.nanoTime();
      held.forEach(each -> had.add(each.until(given, settled)));
      if (isUnknown) {
        end(server, author, reserved, true);
        server.locks().release(ROOM, author.clientId(), TwoServers.blocks(blocks));
      } else if (random.nextBoolean()) {
        server
            .broadcast()
            .announce(
                ROOM, List.of(TwoServers.announcement(TwoServers.edit(author), reserved, blocks)));
      } else {
        end(server, author, reserved, false);
        server.locks().release(ROOM, author.clientId(), TwoServers.blocks(blocks));
      }
    }

    private Held begun(BlockId block, FencingToken token) {
      FencingToken bar = bars.getOrDefault(block, new FencingToken(1));
      return new Held(block, token, System.nanoTime(), 0, 0, bar.value());
    }

    private void bar(Unprepared missing) {
      assertThat(missing).isInstanceOf(NeedsFence.class);
      Map<BlockId, FencingToken> former = ((NeedsFence) missing).former();
      former.forEach((block, token) ->
          bars.merge(block, token, (old, other) -> old.isOlderThan(other) ? other : old));
      server.locks().barred(ROOM, former);
    }
  }
}
