package io.blockroom.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.port.out.BlockLocks.LockOutcome;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.TwoServers;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.LockRequest;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.RoomId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Every answer of Redis takes half a second and more. */
class SlowRedisTest extends OnRealRedis {
  private static final Duration LENGTH = Duration.ofSeconds(8);
  private static final int ROOMS = 20;

  @Test
  @DisplayName("C07 on a slow line locks are granted within 2 s and no lease is lost")
  void on_a_slow_line_locks_are_granted_and_no_lease_is_lost() throws Exception {
    long seed = System.nanoTime();
    try (SlowLine line = new SlowLine(redis, seed);
        ExecutorService editors = Executors.newVirtualThreadPerTaskExecutor()) {
      // Redis knows the scripts already.
      seat(here, ADA);
      lock(here, ADA, INTRO);
      RedissonServer far = serve(line.address(), "far", Duration.ofSeconds(10));
      long end = System.nanoTime() + LENGTH.toNanos();
      List<Future<List<Duration>>> all = new ArrayList<>();
      for (int n = 0; n < ROOMS; n++) {
        RoomId room = new RoomId("slow-" + n);
        all.add(editors.submit(() -> edit(far, room, end)));
      }

      List<Duration> waits = new ArrayList<>();
      for (Future<List<Duration>> each : all) {
        waits.addAll(each.get(60, TimeUnit.SECONDS));
      }

      Duration[] sorted = waits.stream().sorted().toArray(Duration[]::new);
      assertThat(sorted).hasSizeGreaterThan(100);
      assertThat(sorted[sorted.length * 99 / 100])
          .describedAs("seed %d, slowest %s", seed, Arrays.asList(sorted).getLast())
          .isLessThan(Duration.ofSeconds(2));
      for (int n = 0; n < ROOMS; n++) {
        RoomId room = new RoomId("slow-" + n);
        assertThat(far.heard().timesLost(room)).describedAs("seed %d", seed).isZero();
        assertThat(here.seats().look(room).locks()).isNotEmpty();
      }
      far.close();
    }
  }

  private static List<Duration> edit(RedissonServer server, RoomId room, long end) {
    Participant editor = seated(server, room);
    List<Duration> waits = new ArrayList<>();
    while (System.nanoTime() < end) {
      long asked = System.nanoTime();
      BlockId block = new BlockId("block-" + waits.size());
      assertThat(server.locks().acquire(room, editor.clientId(), LockRequest.of(block, List.of())))
          .isInstanceOf(LockOutcome.Granted.class);
      waits.add(Duration.ofNanos(System.nanoTime() - asked));
    }
    return waits;
  }

  /** Whoever is refused comes again, as somebody new: connections are being opened still. */
  private static Participant seated(RedissonServer server, RoomId room) {
    AssertionError noSeat = new AssertionError("no seat in " + room);
    for (int visit = 0; visit < 5; visit++) {
      Participant editor = TwoServers.participant("editor-" + visit, "Editor");
      try {
        server.seats().take(room, editor, 10);
        server.locks().stock(room, TwoServers.draw());
        return editor;
      } catch (CoordinationUnavailable tooSlow) {
        noSeat.addSuppressed(tooSlow);
      }
    }
    throw noSeat;
  }
}
