package io.blockroom.adapters.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.blockroom.application.port.out.AtOnce;
import io.blockroom.application.port.out.Edit;
import io.blockroom.application.port.out.WorkspacesContract;
import io.blockroom.domain.snapshot.WorkspaceForm;
import io.blockroom.domain.snapshot.WorkspaceView;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
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
  @DisplayName("C21 a snapshot is read once until it changes, however many come in at once")
  void a_snapshot_is_read_once_however_many_come_in_at_once() {
    long seed = System.nanoTime();
    String workspace = "<xml>" + noise(new Random(seed)) + "</xml>";
    append(Edit.of(INTRO).showing(workspace));
    long before = snapshotReads();
    PostgresStorage server = PostgresStorage.start(SharedPostgres.settings(database));

    Set<WorkspaceView> views =
        Set.copyOf(
            AtOnce.call(
                200,
                n -> {
                  WorkspaceForm form = n % 2 == 0 ? WorkspaceForm.XML : WorkspaceForm.ANY;
                  return server.workspaces().view(MAZE, form).orElseThrow();
                }));
    server.close(); // its sessions say then how much they have read

    assertThat(views)
        .describedAs("seed %d", seed)
        .singleElement()
        .extracting(WorkspaceView::snapshot)
        .isEqualTo(Optional.of(WorkspacesContract.xml(1, workspace)));
    await().untilAsserted(() -> assertThat(snapshotReads()).isEqualTo(before + 1));
  }

  /** Too long for a row, and not to be compressed: lies beside the table. */
  private static String noise(Random random) {
    return random
        .ints(100_000, 0, 36)
        .mapToObj(digit -> Integer.toString(digit, 36))
        .collect(Collectors.joining());
  }

  /** How often a workspace was fetched from beside the table. */
  private long snapshotReads() {
    return Long.parseLong(
        SharedPostgres.ask(
            database,
            """
            SELECT coalesce(idx_scan, 0)
              FROM pg_stat_all_tables
             WHERE relid = (SELECT reltoastrelid FROM pg_class WHERE relname = 'snapshots')
            """));
  }

  @Test
  void the_newest_snapshot_is_never_replaced_by_an_older_one() {
    append(Edit.of(INTRO).showing("<xml>kept</xml>"));
    SharedPostgres.execute(database, "UPDATE snapshots SET seq = 100");

    append(Edit.of(INTRO).showing("<xml>older</xml>"));

    assertThat(view().snapshot()).contains(WorkspacesContract.xml(100, "<xml>kept</xml>"));
  }
}
