package io.blockroom.adapters.websocket.codec;

import static io.blockroom.adapters.websocket.codec.Messages.BAD;
import static io.blockroom.adapters.websocket.codec.Messages.TOO_LARGE;
import static io.blockroom.adapters.websocket.codec.Messages.message;
import static io.blockroom.adapters.websocket.codec.Messages.readV1;
import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.adapters.websocket.codec.ClientMessage.SnapshotOffer;
import io.blockroom.adapters.websocket.codec.Reading.Understood;
import io.blockroom.domain.commit.WorkspaceState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A09: workspaces in Blockly's JSON. */
class WorkspaceStateTest {
  @ParameterizedTest
  @ValueSource(strings = {"null", "[]", "\"{}\"", "5", "true", "{\"a\":1,\"a\":2}", "{\"a\":NaN}"})
  void A09_a_state_is_an_object(String state) {
    assertThat(readV1(snapshot(state))).isEqualTo(BAD);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"blocks\":5}",
        "{\"blocks\":{\"languageVersion\":0,\"blocks\":[{\"type\":\"text\",\"id\":\"a\"}]},"
            + "\"variables\":[{\"name\":\"v\",\"id\":\"b\",\"type\":\"\"}]}",
        "{\"blocks\":[],\"type\":\"x\",\"plugin\":{\"type\":[{\"type\":\"y\"}]}}",
      })
  void A09_a_state_passes_as_it_is(String state) {
    assertThat(stateOf(state)).isEqualTo(new WorkspaceState(state));
  }

  @Test
  void A09_a_chain_of_1000_blocks_passes() {
    assertThat(stateOf(blocks(chain(1000)))).isNotNull();
    assertThat(stateOf(blocks(chain(2000)))).isNotNull();
    assertThat(readV1(snapshot(blocks(chain(3000))))).as("too deep").isEqualTo(BAD);
  }

  @Test
  void A09_a_state_has_at_most_5000_blocks() {
    String block = "{\"type\":\"x\"}";

    assertThat(stateOf(blocks(block + ("," + block).repeat(4999)))).isNotNull();
    assertThat(readV1(snapshot(blocks(block + ("," + block).repeat(5000))))).isEqualTo(TOO_LARGE);
  }

  @Test
  void A09_blocks_are_counted_wherever_they_hide() {
    String hidden = "{\"inputs\":{\"fields\":{\"block\":{\"type\":\"x\"}}}}";

    assertThat(readV1(snapshot(blocks(hidden + ("," + hidden).repeat(5000))))).isEqualTo(TOO_LARGE);
  }

  @Test
  void A09_what_stands_beside_the_blocks_is_no_block() {
    String variable = "{\"type\":\"x\"}";

    assertThat(stateOf("{\"variables\":[" + variable + ("," + variable).repeat(6000) + "]}"))
        .isNotNull();
  }

  @Test
  void A09_a_state_has_at_most_512_Ki_characters() {
    assertThat(stateOf("{\"x\":\"" + "y".repeat(512 * 1024 - 8) + "\"}")).isNotNull();
    assertThat(readV1(snapshot("{\"x\":\"" + "y".repeat(512 * 1024 - 7) + "\"}")))
        .isEqualTo(TOO_LARGE);
  }

  @Test
  void A09_what_comes_after_the_state_is_bounded_again() {
    assertThat(
            readV1(
                message(
                    "SNAPSHOT",
                    "{\"state\":{},\"seq\":1,\"format\":\"blockly-json\",\"x\":"
                        + "[".repeat(15)
                        + "]".repeat(15)
                        + "}")))
        .isEqualTo(BAD);
  }

  @Test
  void a_snapshot_is_in_a_form_that_is_known() {
    for (String payload :
        new String[] {
          "{\"seq\":1,\"state\":{}}",
          "{\"seq\":1,\"state\":{},\"format\":\"xml\"}",
          "{\"seq\":1,\"format\":\"blockly-json\"}",
          "{\"state\":{},\"format\":\"blockly-json\"}",
        }) {
      assertThat(readV1(message("SNAPSHOT", payload))).as(payload).isEqualTo(BAD);
    }
  }

  private static WorkspaceState stateOf(String state) {
    if (readV1(snapshot(state)) instanceof Understood(SnapshotOffer offer, var _)) {
      return offer.snapshot().state().orElseThrow();
    }
    throw new AssertionError("no snapshot: " + readV1(snapshot(state)));
  }

  private static String snapshot(String state) {
    return message("SNAPSHOT", "{\"seq\":1,\"format\":\"blockly-json\",\"state\":" + state + "}");
  }

  private static String blocks(String blocks) {
    return "{\"blocks\":{\"languageVersion\":0,\"blocks\":[" + blocks + "]}}";
  }

  private static String chain(int blocks) {
    String opening = "{\"type\":\"controls_if\",\"id\":\"b\"";
    return (opening + ",\"next\":{\"block\":").repeat(blocks - 1)
        + opening
        + "}"
        + "}}".repeat(blocks - 1);
  }
}
