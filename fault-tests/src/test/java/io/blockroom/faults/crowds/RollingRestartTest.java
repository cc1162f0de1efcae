package io.blockroom.faults.crowds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.blockroom.application.history.Entry.Row;
import io.blockroom.faults.harness.Backbone;
import io.blockroom.faults.harness.Client;
import io.blockroom.faults.harness.Meanwhile;
import io.blockroom.faults.harness.Recorder;
import io.blockroom.faults.harness.Roamer;
import io.blockroom.faults.harness.ServerProcess;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Three servers are stopped and started again one after the other, while a school works. */
class RollingRestartTest {
  private static final System.Logger LOG = System.getLogger(RollingRestartTest.class.getName());
  private static final int CLIENTS = 500;
  private static final int PER_ROOM = 4;
  private static final Duration BETWEEN_COMMITS = Duration.ofMillis(20);
  private static final Duration EXIT_LIMIT = Duration.ofSeconds(30);

  private final Backbone backbone = new Backbone();
  private final List<ServerProcess> serving = new CopyOnWriteArrayList<>();
  private final AtomicInteger turn = new AtomicInteger();
  private final AtomicBoolean isOver = new AtomicBoolean();

  @Test
  @DisplayName(
      "C20 three servers restarted one by one under 500 clients and 50 commits a second, locks kept")
  void nothing_is_lost_and_everybody_goes_on_elsewhere() throws Exception {
    for (int n = 0; n < 3; n++) {
      serving.add(start(n));
    }
    List<Roamer> roamers =
        IntStream.range(0, CLIENTS)
            .mapToObj(i -> new Roamer("roll-" + i / PER_ROOM, this::balanced))
            .toList();
    roamers.forEach(Roamer::start);
    await().atMost(Duration.ofMinutes(1)).until(() -> roamers.stream().allMatch(Roamer::isIn));
    for (int i = 0; i < CLIENTS; i++) {
      roamers.get(i).lock("b" + i % PER_ROOM);
    }
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> roamers.stream().allMatch(each -> each.locked().size() == 1));
    Thread work = Thread.ofVirtual().name("work").start(() -> commit(roamers));

    List<Duration> exits = new ArrayList<>();
    for (int n = 0; n < 3; n++) {
      ServerProcess leaving = serving.getFirst();
      // The balancer hears of it by the health check, before anybody is sent away.
      serving.remove(leaving);
      long asked = System.nanoTime();
      assertThat(leaving.terminate(EXIT_LIMIT)).isZero();
      exits.add(Meanwhile.since(asked));
      serving.add(start(n));
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> roamers.stream().allMatch(Roamer::isIn));
    isOver.set(true);
    work.join();
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> roamers.stream().allMatch(each -> each.unanswered().isEmpty()));

    List<Duration> absences =
        roamers.stream()
            .flatMap(each -> each.absences().stream().skip(1))
            .sorted(Comparator.naturalOrder())
            .toList();
    int acked = roamers.stream().mapToInt(each -> each.acked().size()).sum();
    long refused = roamers.stream().mapToLong(each -> each.oddities().size()).sum();
    int others = roamers.stream().mapToInt(Roamer::changesOfIdentity).sum();
    List<Roamer> holders = holders(roamers);
    Duration p95 = absences.get(absences.size() * 95 / 100);
    LOG.log(
        System.Logger.Level.INFO,
        "C20 {0} acknowledged, {1} refused; {2} absences, p50 {3}, p95 {4}, longest {5}; {6} came"
            + " back as somebody else; {7} locks kept; exits {8}",
        acked,
        refused,
        absences.size(),
        absences.get(absences.size() / 2),
        p95,
        absences.getLast(),
        others,
        holders.size(),
        exits);
    assertThat(acked).isGreaterThan(500);
    assertNothingIsLost(roamers);
    assertThat(absences).hasSizeGreaterThanOrEqualTo(CLIENTS);
    assertThat(p95).isLessThan(Duration.ofSeconds(5));
    assertThat(absences.getLast()).isLessThan(Duration.ofSeconds(15));
    assertThat(refused).isLessThan(acked / 100 + 1);
    assertThat(others).isZero();
    assertThat(holders).containsExactlyInAnyOrderElementsOf(roamers);
    roamers.forEach(Roamer::leave);
    for (ServerProcess each : serving) {
      each.close();
    }
    backbone.close();
  }

  /** Who holds, as a newcomer sees it, what they locked at first, and under the same token. */
  private List<Roamer> holders(List<Roamer> roamers) {
    Recorder recorder = new Recorder("C20", 0);
    List<Roamer> holders = new ArrayList<>();
    roamers.stream()
        .collect(Collectors.groupingBy(Roamer::room))
        .forEach((room, inside) -> {
          Client newcomer = Client.knock(recorder, "any", balanced(), room);
          assertThat(newcomer.isIn()).isTrue();
          JsonObject shown = newcomer.heard().getFirst().payload();
          inside.stream().filter(each -> isHolding(each, shown)).forEach(holders::add);
          newcomer.leave();
        });
    return holders;
  }

  private static boolean isHolding(Roamer roamer, JsonObject shown) {
    return roamer.locked().entrySet().stream()
        .allMatch(each ->
            roamer.clientId().equals(shown.getJsonObject("locks").getString(each.getKey(), ""))
                && each.getValue()
                    == shown
                        .getJsonObject("lockDetails")
                        .getJsonObject(each.getKey())
                        .getJsonNumber("token")
                        .longValue());
  }

  private void assertNothingIsLost(List<Roamer> roamers) throws Exception {
    Set<String> rooms = roamers.stream().map(Roamer::room).collect(Collectors.toSet());
    for (String room : rooms) {
      List<Row> rows = backbone.rows(room);
      List<String> stored = rows.stream().map(Row::cid).map(Optional::orElseThrow).toList();
      List<String> acked =
          roamers.stream()
              .filter(each -> each.room().equals(room))
              .flatMap(each -> each.acked().stream())
              .toList();
      assertThat(stored).doesNotHaveDuplicates().containsAll(acked);
      assertThat(rows.stream().map(Row::seq)).isEqualTo(Backbone.upTo(rows.size()));
    }
  }

  /** Everybody edits the block that they hold. */
  private void commit(List<Roamer> roamers) {
    for (int n = 0; !isOver.get(); n++) {
      Roamer author = roamers.get(n * 7 % CLIENTS);
      author.edit("b" + n * 7 % CLIENTS % PER_ROOM, "c" + n);
      Meanwhile.passes(BETWEEN_COMMITS);
    }
  }

  private int balanced() {
    return serving.get(Math.floorMod(turn.getAndIncrement(), serving.size())).port();
  }

  private ServerProcess start(int number) {
    List<String> flags = new ArrayList<>(backbone.flags("roll-" + number));
    flags.addAll(List.of("--drain.notice", "1s"));
    return ServerProcess.startAsShipped(flags);
  }
}
