package io.blockroom.application.service;

import io.blockroom.application.fake.InMemoryResumeTokens;
import io.blockroom.application.port.in.RoomFollower;
import io.blockroom.application.port.in.Seat;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.presence.Status;
import io.blockroom.domain.room.RoomId;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/**
 * Whatever connections do to one seat at once, its attendance takes one of them after the other: an
 * order of threads in which it does not is printed step by step.
 */
@Param(name = "who", gen = IntGen.class, conf = "0:1")
@Param(name = "serial", gen = IntGen.class, conf = "1:3")
public class AttendancesInterleavingTest {
  private static final Seat SEAT = new Seat(new RoomId("r1"), new ClientId("ada"));

  private final Attendances attendances =
      new Attendances(
          new InMemoryResumeTokens(), () -> Instant.EPOCH, () -> Duration.ZERO, Duration.ZERO);
  private final RoomFollower[] connections = {RecordingFollower.ofV1(), RecordingFollower.ofV1()};

  @Test
  void what_is_done_to_a_seat_at_once_is_done_one_after_the_other() {
    new ModelCheckingOptions()
        .iterations(20)
        .invocationsPerIteration(100)
        .threads(2)
        .actorsBefore(1)
        .actorsPerThread(3)
        .actorsAfter(1)
        .check(AttendancesInterleavingTest.class);
  }

  @Operation
  public void begin(@Param(name = "who") int who, @Param(name = "serial") int serial) {
    attendances.begin(SEAT, connections[who], serial);
  }

  @Operation
  public void suspect(@Param(name = "who") int who) {
    attendances.suspect(SEAT, connections[who]);
  }

  @Operation
  public boolean breakOff(@Param(name = "who") int who) {
    return attendances.breakOff(SEAT, connections[who]);
  }

  @Operation
  public boolean end(@Param(name = "who") int who) {
    return attendances.end(SEAT, connections[who]);
  }

  @Operation
  public boolean endBefore(@Param(name = "serial") int serial) {
    return attendances.endBefore(SEAT, serial);
  }

  @Operation
  public boolean endOverdue() {
    return attendances.endOverdue(SEAT);
  }

  @Operation
  public void acted() {
    attendances.acted(SEAT);
  }

  @Operation
  public void confirmed(@Param(name = "who") int who) {
    attendances.confirmed(SEAT, connections[who]);
  }

  @Operation
  public OptionalLong unconfirmed(@Param(name = "who") int who) {
    return attendances.unconfirmed(SEAT, connections[who]);
  }

  @Operation
  public Status status() {
    return attendances.statusOf(SEAT, Duration.ofMinutes(1));
  }
}
