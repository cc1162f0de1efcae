package io.blockroom.adapters.websocket.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.adapters.websocket.connection.ConnectionSettings;
import io.blockroom.adapters.websocket.connection.WebSocketConnections;
import io.blockroom.application.port.in.CommitEdit;
import io.blockroom.application.port.in.LeaveRoom.Manner;
import io.blockroom.domain.commit.SequenceNumber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** A server that stops serving, to clients whose time is moved by hand. */
class DepartureTest {
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(5);
  private static final String EDIT =
      """
      {"blockId":"b1","events":[{"type":"move","blockId":"b1"}],"cid":"01J"}\
      """;

  private final ScriptedRoom room = new ScriptedRoom();
  private final WebSocketConnections connections =
      new WebSocketConnections(ConnectionSettings.defaults());
  private long nanos;

  @AfterEach
  void stop() {
    connections.close();
  }

  @Test
  @DisplayName("O02: each v1 client is told when to connect anew, within 5 s; a seed client is not")
  void every_v1_client_is_told_when_to_connect_anew(TestReporter report) {
    List<Visitor> visitors = visitors(50);
    Visitor seed = room.connect();
    seed.connection.forget();

    departure(report).begin(LONGEST_DELAY);

    assertThat(connections.isAccepting()).isFalse();
    assertThat(visitors)
        .allSatisfy(each -> {
          assertThat(each.connection.types()).containsExactly("GOING_AWAY");
          assertThat(each.connection.last().getString("reason")).isEqualTo("drain");
          assertThat(delayOf(each)).isBetween(Duration.ZERO, Duration.ofSeconds(5));
          assertThat(each.connection.closes()).isEmpty();
        });
    assertThat(visitors.stream().map(DepartureTest::delayOf).distinct()).hasSizeGreaterThan(25);
    assertThat(seed.connection.sent()).isEmpty();
  }

  @Test
  void nobody_is_told_before_they_have_been_shown_the_room(TestReporter report) {
    Visitor atTheDoor = room.connect(Visitor.V1, "resume.token-1");
    room.firstSight = Optional.empty();
    Visitor early = room.connect(Visitor.V1);

    departure(report).begin(LONGEST_DELAY);

    assertThat(atTheDoor.connection.sent()).isEmpty();
    assertThat(early.connection.sent()).isEmpty();
  }

  @Test
  @DisplayName("O02: all are closed with 1012 within the time, evenly, none before its own delay")
  void all_are_closed_evenly_and_none_before_its_time(TestReporter report) {
    List<Visitor> visitors = visitors(40);
    List<Duration> closed = new ArrayList<>();
    Departure departure = departure(report);
    departure.begin(LONGEST_DELAY);

    departure.finish(Duration.ofSeconds(10));
    for (int millis = 0; millis <= 8_000; millis += 100) {
      Duration now = Duration.ofMillis(millis);
      visitors.stream()
          .filter(each -> !each.connection.closes().isEmpty())
          .skip(closed.size())
          .forEach(_ -> closed.add(now));
      assertThat(visitors)
          .filteredOn(each -> delayOf(each).compareTo(now) > 0)
          .allSatisfy(each -> assertThat(each.connection.closes()).isEmpty());
      room.pass(Duration.ofMillis(100));
    }

    assertThat(visitors)
        .allSatisfy(
            each -> assertThat(each.connection.closes()).containsExactly("1012 restarting"));
    assertThat(IntStream.range(0, 8).mapToLong(second -> closedIn(second, closed)))
        .allSatisfy(many -> assertThat(many).isBetween(0L, 15L));
  }

  private static long closedIn(int second, List<Duration> closed) {
    return closed.stream().filter(each -> each.toSeconds() == second).count();
  }

  @Test
  void where_there_is_little_time_nobody_gets_more(TestReporter report) {
    List<Visitor> visitors = visitors(20);
    Departure departure = departure(report);
    departure.begin(LONGEST_DELAY);

    departure.finish(Duration.ofSeconds(1));
    room.pass(Duration.ofMillis(500));

    assertThat(visitors)
        .allSatisfy(
            each -> assertThat(each.connection.closes()).containsExactly("1012 restarting"));
  }

  @Test
  void time_that_has_passed_since_they_were_told_counts(TestReporter report) {
    List<Visitor> visitors = visitors(1);
    Departure departure = departure(report);
    departure.begin(LONGEST_DELAY);
    nanos += LONGEST_DELAY.toNanos();

    departure.finish(Duration.ofSeconds(10));
    room.pass(Duration.ZERO);

    assertThat(visitors.getFirst().connection.closes()).containsExactly("1012 restarting");
  }

  @Test
  @DisplayName("O02: a commit under way is answered before its connection is closed, and no other")
  void a_commit_under_way_is_answered_first(TestReporter report) {
    Visitor ada = visitors(1).getFirst();
    Departure departure = departure(report);
    ada.asks("COMMIT", "r1", EDIT);
    ada.asks("COMMIT", "r2", EDIT);
    departure.begin(LONGEST_DELAY);
    ada.connection.forget();
    departure.finish(Duration.ofSeconds(10));
    room.pass(Duration.ofSeconds(8));
    assertThat(ada.connection.closes()).isEmpty();

    ada.asks("COMMIT", "r3", EDIT);
    assertThat(room.commits).hasSize(2);
    room.commits.get(0).accept(applied(3));
    assertThat(ada.connection.closes()).isEmpty();
    room.commits.get(1).accept(applied(4));

    assertThat(ada.connection.types()).containsExactly("COMMIT_ACK", "COMMIT_ACK");
    assertThat(ada.connection.closes()).containsExactly("1012 restarting");
  }

  @Test
  void a_commit_that_was_answered_before_does_not_hold_anybody(TestReporter report) {
    Visitor ada = visitors(1).getFirst();
    room.committing = () -> Optional.of(applied(3));
    ada.asks("COMMIT", "r1", EDIT);
    Departure departure = departure(report);
    departure.begin(LONGEST_DELAY);

    departure.finish(Duration.ofSeconds(10));
    room.pass(Duration.ofSeconds(8));

    assertThat(ada.connection.closes()).containsExactly("1012 restarting");
  }

  @Test
  void whoever_was_closed_so_has_not_left(TestReporter report) {
    Visitor ada = visitors(1).getFirst();
    Departure departure = departure(report);
    departure.begin(LONGEST_DELAY);
    departure.finish(Duration.ofSeconds(10));
    room.pass(Duration.ofSeconds(8));
    room.asked.clear();

    ada.goes(1012);

    assertThat(room.asked).containsExactly(Manner.BROKEN);
  }

  @Test
  void whoever_is_at_the_door_or_came_late_is_closed_too(TestReporter report) {
    Departure departure = departure(report);
    departure.begin(LONGEST_DELAY);
    Visitor late = room.connect(Visitor.V1);
    Visitor atTheDoor = room.connect(Visitor.V1, "resume.token-1");

    departure.finish(Duration.ofSeconds(4));
    room.pass(Duration.ofSeconds(2));

    assertThat(late.connection.closes()).containsExactly("1012 restarting");
    assertThat(atTheDoor.connection.closes()).containsExactly("1012 restarting");
  }

  @Test
  void whoever_has_gone_is_not_waited_for(TestReporter report) {
    Visitor ada = visitors(1).getFirst();
    Departure departure = departure(report);
    departure.begin(LONGEST_DELAY);
    ada.goes(1000);

    departure.finish(Duration.ofSeconds(10));
    room.pass(Duration.ofSeconds(8));

    assertThat(ada.connection.closes()).isEmpty();
  }

  private List<Visitor> visitors(int number) {
    List<Visitor> visitors =
        IntStream.range(0, number).mapToObj(_ -> room.connect(Visitor.V1)).toList();
    visitors.forEach(each -> each.connection.forget());
    return visitors;
  }

  private Departure departure(TestReporter report) {
    long seed = new Random().nextLong();
    report.publishEntry("seed", Long.toString(seed));
    return new Departure(connections, room.endpoint, new Random(seed), () -> nanos, room.alarm);
  }

  private static Duration delayOf(Visitor visitor) {
    return Duration.ofMillis(visitor.connection.last().getInt("reconnectAfterMs"));
  }

  private static CommitEdit.Outcome applied(long seq) {
    return new CommitEdit.Outcome.Applied(new SequenceNumber(seq), false);
  }
}
