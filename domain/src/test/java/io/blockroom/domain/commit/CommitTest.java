package io.blockroom.domain.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.participant.ClientId;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CommitTest {
  private static final BlockId B1 = new BlockId("b1");
  private static final WorkspaceXml XML = new WorkspaceXml("<xml/>");

  @Test
  void a_workspace_counts_if_its_author_had_seen_all_that_came_before() {
    assertThat(commit(EditEvents.of("[{}]", Set.of(B1)), 6).workspaceAt(seq(7))).contains(XML);
    assertThat(commit(EditEvents.of("[{}]", Set.of(B1)), 5).workspaceAt(seq(7))).isEmpty();
    assertThat(commit(EditEvents.of("[{}]", Set.of(B1)), 7).workspaceAt(seq(7))).isEmpty();
  }

  @Test
  void without_events_it_counts_at_the_number_that_its_author_had_seen() {
    assertThat(commit(EditEvents.NONE, 7).workspaceAt(seq(7))).contains(XML);
    assertThat(commit(EditEvents.NONE, 6).workspaceAt(seq(7))).isEmpty();
  }

  @Test
  void whoever_does_not_say_what_they_had_seen_is_believed() {
    Commit seed = new Commit(new ClientId("ada"), B1, EditEvents.NONE, Optional.of(XML), Set.of());

    assertThat(seed.workspaceAt(seq(7))).contains(XML);
  }

  private static Commit commit(EditEvents events, long base) {
    return new Commit(
        new ClientId("ada"),
        B1,
        events,
        Optional.of(XML),
        Set.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(seq(base)));
  }

  private static SequenceNumber seq(long value) {
    return new SequenceNumber(value);
  }
}
