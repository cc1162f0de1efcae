package io.blockroom.adapters.websocket.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.adapters.websocket.codec.Audience;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.WritableHeaders;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a client offers as a subprotocol. */
class SubprotocolsTest {
  private static final HeaderName HEADER = HeaderNames.create("Sec-WebSocket-Protocol");

  @Test
  void whoever_offers_nothing_or_something_else_speaks_the_seed_protocol() {
    for (Subprotocols offered :
        new Subprotocols[] {
          offered(),
          offered("chat"),
          offered("Blockroom.V1"),
          offered("blockroom.v10, resume.abc"),
          offered(""),
          offered("resume.abc")
        }) {
      assertThat(offered).isEqualTo(Subprotocols.NONE);
      assertThat(offered.answer()).isEmpty();
    }
  }

  @Test
  void v1_is_chosen_wherever_it_stands() {
    for (Subprotocols offered :
        new Subprotocols[] {
          offered("blockroom.v1"),
          offered("chat,blockroom.v1"),
          offered("  blockroom.v1\t, chat"),
          offered("chat", "superchat, blockroom.v1"),
          offered(",blockroom.v1,,"),
        }) {
      assertThat(offered).isEqualTo(new Subprotocols(Audience.V1, Optional.empty()));
      assertThat(offered.answer())
          .hasValueSatisfying(
              headers -> assertThat(headers.get(HEADER).get()).isEqualTo("blockroom.v1"));
    }
  }

  @Test
  void a_token_may_stand_in_any_item_and_is_never_answered() {
    for (Subprotocols offered :
        new Subprotocols[] {
          offered("blockroom.v1, ticket.a.b.c, resume.x.y"),
          offered("resume.x.y", "blockroom.v1"),
          offered("blockroom.v1", "resume.x.y, resume.z"),
        }) {
      assertThat(offered.resumeToken()).contains("x.y");
      assertThat(offered.answer())
          .hasValueSatisfying(headers -> assertThat(headers.toString()).doesNotContain("x.y"));
      assertThat(offered.toString()).doesNotContain("x.y");
    }
  }

  @Test
  void a_token_that_is_too_long_or_empty_is_offered_all_the_same_and_is_none_of_ours() {
    assertThat(offered("blockroom.v1, resume." + "x".repeat(4090)).resumeToken()).contains("");
    assertThat(offered("blockroom.v1, resume.").resumeToken()).contains("");
    assertThat(offered("blockroom.v1, resume." + "x".repeat(4089)).resumeToken())
        .contains("x".repeat(4089));
  }

  private static Subprotocols offered(String... lines) {
    WritableHeaders<?> headers = WritableHeaders.create();
    if (lines.length > 0) {
      headers.set(HEADER, lines);
    }
    return Subprotocols.of(headers);
  }
}
