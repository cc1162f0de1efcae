package io.blockroom.domain.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.participant.ClientId;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaiterTest {
  private static final BlockId B1 = new BlockId("b1");
  private static final BlockId B2 = new BlockId("b2");
  private static final BlockId B3 = new BlockId("b3");

  private final Waiter pair = waiter("t1", B1, B2);

  @Test
  void a_waiter_wants_every_block_of_the_group() {
    assertThat(pair.wants(B1)).isTrue();
    assertThat(pair.wants(B2)).isTrue();
    assertThat(pair.wants(B3)).isFalse();
  }

  @Test
  void whoever_wants_one_of_the_blocks_too_is_in_the_same_line() {
    assertThat(pair.sharesABlockWith(waiter("t2", B3, B2))).isTrue();
    assertThat(pair.sharesABlockWith(waiter("t3", B3))).isFalse();
  }

  private static Waiter waiter(String ticket, BlockId asked, BlockId... others) {
    return new Waiter(
        new Ticket(ticket), new ClientId("ada"), LockRequest.of(asked, List.of(others)));
  }
}
