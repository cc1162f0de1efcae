package io.blockroom.application.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockroom.application.fake.InMemoryStorage.Fault;
import io.blockroom.application.port.out.CommitLog.AppendOutcome.Appended;
import io.blockroom.application.port.out.CommitLog.AppendOutcome.Duplicate;
import io.blockroom.application.port.out.CommitLogContract;
import io.blockroom.application.port.out.Edit;
import io.blockroom.application.port.out.FencesContract;
import io.blockroom.application.port.out.RoomArchiveContract;
import io.blockroom.application.port.out.RoomsContract;
import io.blockroom.application.port.out.Storage;
import io.blockroom.application.port.out.StorageContract;
import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.application.port.out.WorkspacesContract;
import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.commit.LoggedCommit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The storage in memory keeps to all contracts, and fails when it is told to. */
class InMemoryStorageTest {
  @Nested
  class OfRooms extends OfOneStorage implements RoomsContract {}

  @Nested
  class OfTheCommitLog extends OfOneStorage implements CommitLogContract {}

  @Nested
  class OfWorkspaces extends OfOneStorage implements WorkspacesContract {}

  @Nested
  class OfFences extends OfOneStorage implements FencesContract {}

  @Nested
  class OfTheArchive extends OfOneStorage implements RoomArchiveContract {}

  @Nested
  class OfItsFailures extends OfOneStorage {
    @BeforeEach
    void begin() {
      openRooms();
    }

    @Test
    void a_restored_storage_has_kept_everything() {
      append(Edit.of(INTRO));
      memory.loseStorage();
      assertThat(memory.has(MAZE)).isTrue();
      assertThat(memory.has(NOWHERE)).isFalse();
      memory.restoreStorage();

      assertThat(append(Edit.of(INTRO)))
          .extracting(StorageContract::seq)
          .containsOnly(StorageContract.seq(2));
    }

    @Test
    void a_commit_whose_answer_is_lost_stands() {
      memory.loseNextAnswer();

      assertThatThrownBy(() -> append(Edit.of(INTRO).named("c1")))
          .isInstanceOf(StorageUnavailable.class);
      assertThat(append(Edit.of(INTRO).named("c1")).getFirst()).isInstanceOf(Duplicate.class);
    }

    @Test
    void something_else_may_happen_once_a_commit_is_stored_and_before_its_author_is_told() {
      List<Integer> stored = new ArrayList<>();
      memory.afterNextStoring(() -> stored.add(log().size()));

      append(Edit.of(INTRO));
      append(Edit.of(INTRO));

      assertThat(stored).containsExactly(1);
    }

    @Test
    void a_storage_that_skips_its_fence_accepts_what_is_over() {
      memory.plant(Fault.SKIPS_FENCE);
      append(Edit.of(INTRO).under(5));

      assertThat(append(Edit.of(INTRO).by(BOB).under(4)).getFirst()).isInstanceOf(Appended.class);
    }

    @Test
    void a_storage_that_reuses_a_number_has_two_commits_of_it() {
      memory.plant(Fault.REUSES_A_SEQ);
      appendTimes(5, Edit.of(INTRO));

      assertThat(log().stream().map(LoggedCommit::seq).distinct()).hasSize(4);
      assertThat(log()).hasSize(5);
    }

    @Test
    void a_storage_that_acknowledges_before_storing_lacks_a_commit() {
      memory.plant(Fault.ACKS_BEFORE_STORING);
      appendTimes(5, Edit.of(INTRO));

      assertThat(log()).hasSize(4);
    }

    @Test
    void a_storage_that_forgets_names_stores_a_commit_twice() {
      memory.plant(Fault.FORGETS_CIDS);

      append(Edit.of(INTRO).named("c1"), Edit.of(INTRO).named("c1"));

      assertThat(log()).hasSize(2);
    }
  }

  /** A clock that goes on by a millisecond each time it is looked at. */
  abstract static class OfOneStorage implements StorageContract {
    private final AtomicLong looks = new AtomicLong();
    private final AtomicLong epochs = new AtomicLong();
    final InMemoryStorage memory =
        new InMemoryStorage(
            () -> Instant.ofEpochMilli(looks.incrementAndGet()).plus(BEGIN),
            () -> new Epoch("epoch-" + epochs.incrementAndGet()));
    private static final Duration BEGIN = Duration.ofDays(20_000);

    @Override
    public Storage storage() {
      return Storage.of(memory);
    }

    @Override
    public Storage lostStorage() {
      memory.loseStorage();
      return Storage.of(memory);
    }
  }
}
