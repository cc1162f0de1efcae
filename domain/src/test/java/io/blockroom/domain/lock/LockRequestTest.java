package io.blockroom.domain.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockroom.domain.block.BlockId;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LockRequestTest {
  private static final BlockId B1 = new BlockId("b1");
  private static final BlockId B2 = new BlockId("b2");

  @Test
  void a_group_always_has_the_asked_block_and_each_block_once() {
    assertThat(LockRequest.of(B1, List.of(B2, B1, B2)).blocks()).containsExactly(B1, B2);
    assertThatThrownBy(() -> new LockRequest(B1, Set.of(B2)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_group_has_at_most_200_blocks() {
    List<BlockId> many = IntStream.range(0, 200).mapToObj(i -> new BlockId("x" + i)).toList();

    assertThat(LockRequest.of(many.getFirst(), many).blocks()).hasSize(200);
    assertThatThrownBy(() -> LockRequest.of(B1, many)).isInstanceOf(IllegalArgumentException.class);
  }
}
