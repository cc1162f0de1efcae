package io.blockroom.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.blockroom.application.port.out.AtOnce;
import io.blockroom.application.port.out.BlockLocks.AdvanceOutcome;
import io.blockroom.application.port.out.BlockLocks.HandOverOutcome;
import io.blockroom.application.port.out.BlockLocks.LineOutcome;
import io.blockroom.application.port.out.BlockLocks.LockOutcome;
import io.blockroom.application.port.out.BlockLocks.Unprepared;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.LineWatch;
import io.blockroom.application.port.out.TwoServers;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.lock.Ticket;
import io.blockroom.domain.lock.Waiter;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.RoomChange;
import io.blockroom.domain.room.RoomEvent;
import io.blockroom.domain.room.RoomView;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Many on three servers stand in line for few blocks, alone and in groups, and a server dies. */
class LineRaceTest extends OnRealRedis {
  private static final Duration LENGTH = Duration.ofSeconds(4);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int PUPILS = 18;
  private static final int BLOCKS = 5;

  /** How many have not come to an end yet. */
  private final AtomicInteger racing = new AtomicInteger(PUPILS);

  private final RedissonServer doomed = serve("doomed", LOCK_TTL);

  @Test
  @DisplayName("I2 whoever came first gets a block first, one at a time, and nobody waits for ever")
  void whoever_came_first_gets_a_block_first_and_nobody_waits_for_ever() {
    long seed = System.nanoTime();
    System.Logger log = System.getLogger(LineRaceTest.class.getName());
    log.log(System.Logger.Level.INFO, "seed {0}", Long.toString(seed));
    seat(here, ADA);
    seat(there, BOB);
    List<Pupil> pupils =
        IntStream.range(0, PUPILS).mapToObj(n -> new Pupil(n, new Random(seed + n))).toList();
    long begin = System.nanoTime();
    long end = begin + LENGTH.toNanos();

    AtOnce.call(
        PUPILS + 1,
        n -> {
          if (n == PUPILS) {
            await().atMost(PATIENCE).until(() -> System.nanoTime() - begin > LENGTH.toNanos() / 3);
            doomed.crash();
          } else {
            pupils.get(n).race(end);
            if (pupils.get(n).isAlive()) {
              pupils.get(n).giveWay();
            }
          }
          return true;
        });

    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          here.locks().advance(ROOM);
          RoomView last = here.seats().look(ROOM);
          assertThat(last.line().waiters()).describedAs("seed %d", seed).isEmpty();
          assertThat(last.locks()).describedAs("seed %d", seed).isEmpty();
        });
    assertHeardIsTrue(here, seed);
    assertThat(pupils.stream().filter(Pupil::isAlive).mapToInt(each -> each.turns).sum())
        .describedAs("seed %d", seed)
        .isGreaterThan(20);
  }

  private static void assertHeardIsTrue(RedissonServer server, long seed) {
    RoomView last = server.seats().look(ROOM);
    await()
        .atMost(SOON)
        .until(() -> server.heard().changesOf(ROOM).getLast().revision().equals(last.revision()));
    LineWatch watch = new LineWatch();
    List<RoomChange> changes = server.heard().changesOf(ROOM);
    changes.forEach(watch::see);
    assertThat(watch.violations()).describedAs("seed %d", seed).isEmpty();
    assertThat(watch.owners()).describedAs("seed %d", seed).isEqualTo(TwoServers.owners(last));
    assertThat(watch.line()).describedAs("seed %d", seed).isEqualTo(last.line());
    List<RoomEvent> events = server.heard().eventsOf(ROOM);
    assertThat(events)
        .describedAs("seed %d", seed)
        .anyMatch(RoomEvent.TurnCame.class::isInstance)
        .anyMatch(RoomEvent.LineLeft.class::isInstance);
  }

  /** One who asks, waits, lets go and hands over as chance will have it. */
  private final class Pupil {
    private final int number;
    private final Random random;
    private final RedissonServer server;
    private final Participant self;
    private int tickets;
    private int turns;

    Pupil(int number, Random random) {
      this.number = number;
      this.random = random;
      server = List.of(here, there, doomed).get(number % 3);
      self = TwoServers.participant("pupil-" + number, "Pupil");
      server.seats().take(ROOM, self, 50);
    }

    boolean isAlive() {
      return server != doomed;
    }

    void race(long end) {
      try {
        while (System.nanoTime() < end) {
          turn();
        }
      } catch (CoordinationUnavailable | IllegalStateException dead) {
        // The latter is what Redisson says when it was shut down.
        assertThat(isAlive()).isFalse();
      } finally {
        racing.decrementAndGet();
      }
    }

    /** What is handed to those who are through must not keep the others waiting. */
    void giveWay() {
      await()
          .atMost(PATIENCE)
          .until(() -> {
            boolean isOver = racing.get() == 0;
            letGo();
            return isOver;
          });
    }

    private void turn() {
      Ticket ticket = new Ticket("t" + number + "-" + tickets++);
      Waiter waiter = new Waiter(ticket, self.clientId(), anyRequest());
      LineOutcome outcome = server.locks().queue(ROOM, waiter, 10);
      switch (outcome) {
        case Unprepared missing -> prepare(server, missing);
        case LineOutcome.Queued _ -> waitInLine(ticket);
        case LockOutcome.Granted _ -> turns++;
        case LineOutcome.LineFull _, LockOutcome.Denied _ -> {}
        case LockOutcome.LimitReached _ -> throw new AssertionError(outcome);
        case LockOutcome.SeatLost _ -> assertThat(isAlive()).isFalse();
      }
      if (random.nextInt(4) == 0) {
        handOver();
      }
      letGo();
    }

    private void waitInLine(Ticket ticket) {
      if (random.nextInt(5) == 0) {
        server.locks().leaveLine(ROOM, Set.of(ticket));
        return;
      }
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(10))
          .until(() -> {
            AdvanceOutcome advanced = server.locks().advance(ROOM);
            if (advanced instanceof Unprepared missing) {
              prepare(server, missing);
            }
            RoomView view = server.seats().look(ROOM);
            boolean waits = view.line().positionOf(ticket).isPresent();
            if (waits) {
              // What was handed to them meanwhile must not keep others waiting.
              letGo(view);
            }
            return !waits;
          });
      turns++;
    }

    private void handOver() {
      own(server.seats().look(ROOM)).stream()
          .findFirst()
          .ifPresent(block -> {
            ClientId other = new ClientId("pupil-" + random.nextInt(PUPILS));
            HandOverOutcome outcome = server.locks().handOver(ROOM, self.clientId(), block, other);
            if (outcome instanceof Unprepared missing) {
              prepare(server, missing);
            }
          });
    }

    void letGo() {
      letGo(server.seats().look(ROOM));
    }

    private void letGo(RoomView view) {
      Set<BlockId> own = own(view);
      if (!own.isEmpty()) {
        server.locks().release(ROOM, self.clientId(), own);
      }
    }

    private Set<BlockId> own(RoomView view) {
      return view.locks().entrySet().stream()
          .filter(each -> each.getValue().owner().equals(self.clientId()))
          .map(each -> each.getKey())
          .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private LockRequest anyRequest() {
      List<BlockId> blocks =
          IntStream.rangeClosed(0, random.nextInt(3))
              .mapToObj(n -> new BlockId("block\\{*}:" + random.nextInt(BLOCKS)))
              .toList();
      return LockRequest.of(blocks.getFirst(), blocks);
    }
  }
}
