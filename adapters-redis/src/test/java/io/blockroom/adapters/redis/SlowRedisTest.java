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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every answer of Redis takes half a second and more. */
class SlowRedisTest extends OnRealRedis {
  private static final int ROOMS = 20;

  @Test
  @DisplayName("C07 for half a minute on a slow line locks take 2 s at most and none is lost")
  void for_half_a_minute_on_a_slow_line_locks_take_2_s_at_most_and_none_is_lost() throws Exception {
    assertLocksAreGrantedAndKept(Duration.ofSeconds(30));
  }

  @Test
  @Tag("T2")
  @DisplayName("C07 for two minutes on a slow line locks take 2 s at most and none is lost")
  void for_two_minutes_on_a_slow_line_locks_take_2_s_at_most_and_none_is_lost() throws Exception {
    assertLocksAreGrantedAndKept(Duration.ofMinutes(2));
  }

  private void assertLocksAreGrantedAndKept(Duration length) throws Exception {
    long seed = System.nanoTime();
    try (RedisLine line = new RedisLine(redis).slowDown(seed);
        ExecutorService editors = Executors.newVirtualThreadPerTaskExecutor()) {
      // Redis knows the scripts already.
      seat(here, ADA);
      lock(here, ADA, INTRO);
      RedissonServer far = serve(line.address(), "far", Duration.ofSeconds(10));
      long end = System.nanoTime() + length.toNanos();
      List<Future<List<Duration>>> all = new ArrayList<>();
      for (int n = 0; n < ROOMS; n++) {
        RoomId room = new RoomId("slow-" + n);
        all.add(editors.submit(() -> edit(far, room, end)));
      }

      List<Duration> waits = new ArrayList<>();
      for (Future<List<Duration>> each : all) {
        waits.addAll(each.get(length.toSeconds() + 30, TimeUnit.SECONDS));
      }

      Duration[] sorted = waits.stream().sorted().toArray(Duration[]::new);
      assertThat(sorted).hasSizeGreaterThan(200);
      assertThat(sorted[sorted.length * 99 / 100])
          .describedAs("seed %d, slowest %s", seed, Arrays.asList(sorted).getLast())
          .isLessThan(Duration.ofSeconds(2));
      int standing = 0;
      for (int n = 0; n < ROOMS; n++) {
        RoomId room = new RoomId("slow-" + n);
        assertThat(far.heard().timesLost(room)).describedAs("seed %d", seed).isZero();
        assertThat(far.heard().timesOutOfTouch(room)).describedAs("seed %d", seed).isZero();
        standing += here.seats().look(room).locks().size();
      }
      assertThat(standing).describedAs("seed %d", seed).isEqualTo(waits.size());
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
      Participant editor = TwoServers.participant(room + "-" + visit, "Editor");
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
