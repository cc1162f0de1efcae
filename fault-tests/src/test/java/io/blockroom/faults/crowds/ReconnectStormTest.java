package io.blockroom.faults.crowds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.blockroom.faults.harness.Backbone;
import io.blockroom.faults.harness.Client;
import io.blockroom.faults.harness.FaultProxy;
import io.blockroom.faults.harness.Recorder;
import io.blockroom.faults.harness.Roamer;
import io.blockroom.faults.harness.ThreeNodes;
import io.blockroom.faults.harness.ThreeNodes.Node;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Everybody comes at once: as newcomers, after all connections broke, after a server died. */
class ReconnectStormTest {
  private static final System.Logger LOG = System.getLogger(ReconnectStormTest.class.getName());
  private static final int PER_ROOM = 50;
  private static final int SERVERS = 3;
  private static final int BLOCKS = 200;
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** A little less than the servers wait for who lost the connection. */
  private static final Duration GRACE = Duration.ofSeconds(7);

  /** What a server asks for the contents of a snapshot. */
  private static final String READING = "SELECT%AS text) AS state%FROM snapshots%";

  private final Recorder recorder = new Recorder("C21", 0);
  private final List<FaultProxy> doors = new CopyOnWriteArrayList<>();
  private final AtomicInteger turn = new AtomicInteger();

  @Test
  @DisplayName("C21 500 clients come at once: 95 % are in within 20 s, and few snapshots are read")
  void five_hundred_who_come_at_once_are_soon_back() throws Exception {
    storm(500);
  }

  @Test
  @Tag("T2")
  @DisplayName(
      "C21 5,000 clients come at once: 95 % are in within 20 s, and few snapshots are read")
  void five_thousand_who_come_at_once_are_soon_back() throws Exception {
    storm(5_000);
  }

  private void storm(int clients) throws Exception {
    Backbone backbone = new Backbone();
    backbone.countStatements();
    try (ThreeNodes nodes =
        new ThreeNodes(backbone, "--rooms.default-max-users", Integer.toString(PER_ROOM))) {
      int rooms = clients / PER_ROOM;
      IntStream.range(0, rooms).forEach(i -> furnish(nodes.node(i % SERVERS), "storm-" + i));
      assertReadingIsCounted(nodes);
      IntStream.range(0, SERVERS).forEach(n -> doors.add(nodes.node(n).clients()));
      List<Roamer> roamers =
          IntStream.range(0, clients)
              .mapToObj(i -> new Roamer("storm-" + i % rooms, this::balanced))
              .toList();

      Storm storm = new Storm(backbone, roamers, rooms);
      storm.passes("newcomers", () -> roamers.forEach(Roamer::start), clients);
      storm.passes("connections cut", () -> doors.forEach(FaultProxy::reset), clients);
      storm.assertThatWhoWasBackInTimeKeptTheirSeat();
      // The balancer sends nobody to the dead.
      doors.remove(nodes.node(0).clients());
      storm.passes("a server killed", nodes.node(0).server()::kill, clients / (SERVERS + 1));
      roamers.forEach(Roamer::leave);
    }
  }

  /** Leaves behind a workspace that somebody stored, and some commits after it. */
  private void furnish(Node node, String room) {
    Client editor = node.join(recorder, room);
    commit(editor, "before", 5);
    JsonObject stored =
        editor
            .ask(
                "SNAPSHOT",
                Json.createObjectBuilder()
                    .add("seq", 5)
                    .add("format", "blockly-json")
                    .add("state", workspace(room.hashCode())))
            .join();
    assertThat(stored.getString("t")).isEqualTo("OK");
    commit(editor, "after", 3);
    editor.leave();
  }

  private static void commit(Client editor, String name, int times) {
    for (int n = 0; n < times; n++) {
      assertThat(editor.commit("b" + n, name + "-" + n).join().getString("t"))
          .isEqualTo("COMMIT_ACK");
    }
  }

  /** As large as a class makes it. */
  private static JsonObject workspace(long seed) {
    Random random = new Random(seed);
    var blocks = Json.createArrayBuilder();
    for (int n = 0; n < BLOCKS; n++) {
      blocks.add(
          Json.createObjectBuilder()
              .add("type", "controls_repeat_ext")
              .add("id", Long.toString(random.nextLong(), Character.MAX_RADIX))
              .add("x", random.nextInt(2_000))
              .add("y", random.nextInt(2_000)));
    }
    return Json.createObjectBuilder()
        .add("blocks", Json.createObjectBuilder().add("languageVersion", 0).add("blocks", blocks))
        .build();
  }

  /** Who comes alone to a room that this server does not know makes it read once. */
  private void assertReadingIsCounted(ThreeNodes nodes) throws Exception {
    furnish(nodes.node(0), "calm");
    long before = nodes.backbone().countOf(READING);
    Client alone = nodes.node(1).join(recorder, "calm");
    assertThat(nodes.backbone().countOf(READING) - before).isEqualTo(1);
    JsonObject shown = alone.heard().getFirst().payload();
    assertThat(shown.getInt("snapshotSeq")).isEqualTo(5);
    assertThat(shown.getJsonArray("commits")).hasSize(3);
    alone.leave();
  }

  private int balanced() {
    return doors.get(Math.floorMod(turn.getAndIncrement(), doors.size())).port();
  }

  /** What happens to all of them, and what it takes until they are in again. */
  private record Storm(Backbone backbone, List<Roamer> roamers, int rooms) {
    Storm {
      roamers = List.copyOf(roamers);
    }

    void assertThatWhoWasBackInTimeKeptTheirSeat() {
      assertThat(roamers)
          .filteredOn(each -> each.absences().getLast().compareTo(GRACE) < 0)
          .isNotEmpty()
          .allMatch(each -> each.changesOfIdentity() == 0);
    }

    void passes(String name, Runnable begins, int least) throws Exception {
      List<Integer> former = roamers.stream().map(each -> each.absences().size()).toList();
      long before = backbone.countOf(READING);
      begins.run();
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> {
            int gone = 0;
            for (int i = 0; i < roamers.size(); i++) {
              gone += roamers.get(i).absences().size() - former.get(i);
            }
            return gone >= least && roamers.stream().allMatch(Roamer::isIn);
          });
      long reads = backbone.countOf(READING) - before;

      List<Duration> absences =
          IntStream.range(0, roamers.size())
              .boxed()
              .flatMap(i -> roamers.get(i).absences().stream().skip(former.get(i)))
              .sorted()
              .toList();
      Duration p95 = absences.get(absences.size() * 95 / 100);
      LOG.log(
          System.Logger.Level.INFO,
          "C21 {0}: {1} came to {2} rooms after p50 {3}, p95 {4}, longest {5}; {6} snapshots read;"
              + " {7} came back as somebody else so far",
          name,
          absences.size(),
          rooms,
          absences.get(absences.size() / 2),
          p95,
          absences.getLast(),
          reads,
          roamers.stream().mapToInt(Roamer::changesOfIdentity).sum());
      assertThat(p95).isLessThanOrEqualTo(LIMIT);
      // Nobody stores one meanwhile: each server reads each once, and none when all resume.
      assertThat(reads).isLessThanOrEqualTo((long) rooms * SERVERS);
    }
  }
}
