package io.blockroom.adapters.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockroom.application.port.out.Edit;
import io.blockroom.application.port.out.WorkspacesContract;
import io.blockroom.domain.snapshot.WorkspaceForm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** G1, G2: PostgreSQL keeps to the contract of workspaces. */
class PostgresWorkspacesTest extends OnPostgres implements WorkspacesContract {
  /** The last one is a short way to write a hundred thousand digits. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":\"\u0000\"}",
        "{\"a\":\"\\u0000\"}",
        "{\"a\":\"\\ud83d\"}",
        "{\"a\":\"\uD83D\"}",
        "{",
        "{\"a\":1e1000000}",
        "{\"a\":[1e131000,1e131000,1e131000,1e131000,1e131000,1e131000,1e131000,1e131000,1e131000]}"
      })
  void a_state_that_would_not_come_back_as_it_is_is_refused_as_misuse(String json) {
    append(Edit.of(INTRO).showing("<xml/>"));

    assertThatThrownBy(() -> storage().workspaces().store(MAZE, WorkspacesContract.state(1, json)))
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(storage().workspaces().view(MAZE, WorkspaceForm.ANY).orElseThrow())
        .isEqualTo(view());
  }

  @Test
  void the_newest_snapshot_is_never_replaced_by_an_older_one() {
    append(Edit.of(INTRO).showing("<xml>kept</xml>"));
    SharedPostgres.execute(database, "UPDATE snapshots SET seq = 100");

    append(Edit.of(INTRO).showing("<xml>older</xml>"));

    assertThat(view().snapshot()).contains(WorkspacesContract.xml(100, "<xml>kept</xml>"));
  }
}
