package io.blockroom.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.blockroom.faults.harness.Client;
import io.blockroom.faults.harness.FaultProxy;
import io.blockroom.faults.harness.Meanwhile;
import io.blockroom.faults.harness.Recorder;
import io.blockroom.faults.harness.SwizzleClog;
import io.blockroom.faults.harness.ThreeNodes;
import io.blockroom.faults.harness.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Three servers whose links are clogged one by one and freed in another order. */
class SwizzleClogTest {
  private static final System.Logger LOG = System.getLogger(SwizzleClogTest.class.getName());
  private static final int WORKERS_PER_NODE = 3;

  private static @Nullable ThreeNodes started;

  @BeforeAll
  static void start() {
    started = new ThreeNodes("--locks.ttl", "2s", "--rooms.default-max-users", "100");
  }

  @AfterAll
  static void stop() {
    nodes().close();
  }

  @Test
  @DisplayName("C18 whatever links are clogged, I1 to I7 hold in all that clients saw")
  void whatever_links_are_clogged_nobody_sees_what_must_not_be() throws Exception {
    play(Integer.getInteger("seeds", 5));
  }

  @Test
  @Tag("T2")
  @DisplayName("C18 whatever links are clogged, I1 to I7 hold in all that clients saw, 1,000 seeds")
  void whatever_links_are_clogged_a_thousand_times() throws Exception {
    play(1_000);
  }

  private static void play(int seeds) throws Exception {
    long first = Long.getLong("seed", new Random().nextLong(1_000_000_000));
    long began = System.nanoTime();
    int messages = 0;
    for (long seed = first; seed < first + seeds; seed++) {
      Recorder recorder = new Recorder("C18", seed);
      try {
        play(seed, recorder);
      } catch (AssertionError | RuntimeException broken) {
        recorder.keep();
        throw new AssertionError("seed " + seed, broken);
      }
      messages += recorder.size();
    }
    LOG.log(
        System.Logger.Level.INFO,
        "C18 {0} seeds from {1}: {2} requests and messages judged, {3}",
        seeds,
        Long.toString(first),
        messages,
        Meanwhile.since(began));
  }

  private static void play(long seed, Recorder recorder) throws Exception {
    String room = "swizzle-" + seed;
    List<Worker> workers = new ArrayList<>();
    for (int i = 0; i < 3 * WORKERS_PER_NODE; i++) {
      workers.add(new Worker(nodes().node(i % 3), recorder, room, new Random(seed + i)));
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      workers.forEach(threads::execute);
      new SwizzleClog(seed, nodes().links()).play();
      nodes().links().forEach(FaultProxy::heal);
      Meanwhile.passes(Duration.ofSeconds(1));
      workers.forEach(Worker::stop);
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> IntStream.range(0, 3).allMatch(i -> nodes().node(i).isReady()));
    awaitRest(room, workers, recorder);
    recorder.check(room, nodes().backbone().rows(room), true);
    workers.forEach(Worker::leave);
  }

  /** What is committed last comes to everybody who is connected, and everything before it. */
  private static void awaitRest(String room, List<Worker> workers, Recorder recorder) {
    Client last = nodes().node(0).join(recorder, room);
    long seq = last.commit("last", "last-" + room).join().getJsonObject("payload").getInt("seq");
    await()
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(() ->
            assertThat(workers)
                .allSatisfy(
                    worker -> assertThat(worker.hasHeard(seq) || !worker.isConnected()).isTrue()));
    last.leave();
  }

  private static ThreeNodes nodes() {
    return Objects.requireNonNull(started);
  }
}
