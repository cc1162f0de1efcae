package io.blockroom.adapters.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.blockroom.application.port.out.AtOnce;
import io.blockroom.application.port.out.CommitLog;
import io.blockroom.application.port.out.CommitLogContract;
import io.blockroom.application.port.out.Edit;
import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.domain.commit.WorkspaceXml;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** G1, G2, G3: PostgreSQL keeps to the contract of the commit log. */
class PostgresCommitLogTest extends OnPostgres implements CommitLogContract {
  @ParameterizedTest
  @ValueSource(strings = {"a\u0000b", "\uD83D", "a\uDC69b", "\uD83D\uD83D\uDE00"})
  void a_text_that_would_not_come_back_as_it_is_is_refused_as_misuse(String text) {
    assertThatThrownBy(() -> append(Edit.of(INTRO), Edit.of(INTRO).saying(text)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> append(Edit.of(INTRO), Edit.of(INTRO).showing(text)))
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(log()).isEmpty();
  }

  @Test
  void commits_larger_than_every_buffer_on_a_dead_way_throw_within_5_s() {
    CommitLog lost = lostStorage().log();
    Edit large = Edit.of(INTRO).showing("한".repeat(WorkspaceXml.MAX_LENGTH));

    assertTimeout(
        Duration.ofSeconds(5),
        () ->
            AtOnce.call(
                4,
                n ->
                    assertThatThrownBy(() -> lost.append(MAZE, List.of(large.proposal())))
                        .isInstanceOf(StorageUnavailable.class)));
  }
}
