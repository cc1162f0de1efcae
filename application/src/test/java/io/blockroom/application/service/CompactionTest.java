package io.blockroom.application.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.blockroom.application.fake.InMemoryChores;
import io.blockroom.application.port.out.Chores;
import io.blockroom.application.port.out.RoomArchive;
import io.blockroom.domain.block.BlockId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Old history is forgotten when a snapshot has it; of all servers one does it at a time. */
class CompactionTest {
  private static final BlockId LOOP = new BlockId("loop");

  private final School school = new School();
  private final School.Server here = school.server();
  private final Pupil ada = here.seatOfV1("maze", "Ada");

  @Test
  void what_is_old_and_in_a_snapshot_is_forgotten() {
    ada.offers(ada.edit(LOOP));
    ada.offers(ada.edit(LOOP).with("<xml>2</xml>").basedOn(1));
    ada.offers(ada.edit(LOOP));
    school.clock.advance(School.KEEP.plusSeconds(1));

    here.compaction.tend();

    assertThat(school.log(ada.room())).isEmpty();
    assertThat(here.seatOfV1("maze", "Bob").heard())
        .containsExactly("state [Ada] [] <xml>2</xml> +3");
  }

  @Test
  void what_is_not_old_is_kept() {
    ada.offers(ada.edit(LOOP).with("<xml>1</xml>").basedOn(0));
    school.clock.advance(School.KEEP);

    here.compaction.tend();

    assertThat(school.log(ada.room())).hasSize(1);
  }

  @Test
  void while_one_server_is_at_it_another_does_nothing() {
    InMemoryChores.Shared chores = new InMemoryChores.Shared();
    List<String> done = new ArrayList<>();
    CompactionService other = compaction(chores.server(), () -> done.add("other"));
    CompactionService one =
        compaction(
            chores.server(),
            () -> {
              done.add("one");
              other.tend();
            });

    one.tend();
    assertThat(done).containsExactly("one");
    other.tend();

    assertThat(done).containsExactly("one", "other");
  }

  @Test
  void while_storage_or_coordination_is_away_it_is_left_for_later() {
    InMemoryChores chores = new InMemoryChores();
    CompactionService compaction = compaction(chores, () -> {});
    chores.cutOff();

    assertThatCode(compaction::tend).doesNotThrowAnyException();
    school.storage.loseStorage();
    assertThatCode(here.compaction::tend).doesNotThrowAnyException();
  }

  private CompactionService compaction(Chores chores, Runnable whenItCompacts) {
    RoomArchive archive =
        Detour.of(
            RoomArchive.class,
            school.storage,
            step -> {
              whenItCompacts.run();
              return step.get();
            });
    return new CompactionService(archive, chores, Duration.ofDays(1), school.clock);
  }
}
