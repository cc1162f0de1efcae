package io.blockroom.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.port.out.AtOnce;
import io.blockroom.application.port.out.Seats.SeatOutcome;
import io.blockroom.application.port.out.TwoServers;
import io.blockroom.domain.participant.Participant;
import io.blockroom.domain.room.LeaveReason;
import io.blockroom.domain.room.RoomId;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Many come and go at once. */
class SeatRaceTest extends OnRealRedis {
  private static final int SEATS = 10;

  @Test
  @DisplayName("A17 of 200 who race for 10 seats over two servers exactly 10 get one, 20 times")
  void of_200_who_race_for_10_seats_exactly_10_get_one() {
    for (int round = 0; round < 20; round++) {
      RoomId room = new RoomId("race-" + round);

      List<SeatOutcome> outcomes =
          AtOnce.call(200, n -> server(n).seats().take(room, racer(n), SEATS));

      assertThat(outcomes).filteredOn(SeatOutcome.Taken.class::isInstance).hasSize(SEATS);
      assertThat(here.seats().taken(room)).isEqualTo(SEATS);
      assertThat(there.seats().look(room).participants()).hasSize(SEATS);
    }
  }

  @Test
  void a_lease_survives_any_coming_and_going_of_firsts_and_lasts() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int[] pauses = random.ints(40, 0, 3).toArray();

    List<Boolean> came =
        AtOnce.call(
            40,
            n -> {
              for (int visit = 0; visit < 25; visit++) {
                Participant visitor = TwoServers.participant("v-" + n + "-" + visit, "Visitor");
                SeatOutcome outcome = server(n).seats().take(ROOM, visitor, 100);
                assertThat(outcome).isInstanceOf(SeatOutcome.Taken.class);
                if (pauses[n] == 0) {
                  here.seats().taken(ROOM);
                }
                server(n).seats().giveUp(ROOM, visitor.clientId(), LeaveReason.LEFT);
              }
              return true;
            });

    assertThat(came).describedAs("seed %d", seed).hasSize(40);
    assertThat(here.seats().look(ROOM).participants()).isEmpty();
    assertThat(here.heard().timesLost(ROOM)).isZero();
    assertThat(there.heard().timesLost(ROOM)).isZero();
    assertThat(redis.ask("KEYS *")).doesNotContain("{" + ROOM);
  }

  private RedissonServer server(int number) {
    return number % 2 == 0 ? here : there;
  }

  private static Participant racer(int number) {
    return TwoServers.participant("racer-" + number, "Racer");
  }
}
