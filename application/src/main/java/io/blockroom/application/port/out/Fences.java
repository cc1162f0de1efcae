package io.blockroom.application.port.out;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.lock.TokenRange;
import io.blockroom.domain.room.RoomId;
import java.util.Map;

/**
 * What keeps the commits of former owners out, whatever the coordination forgets.
 *
 * <p>Every method throws {@link StorageUnavailable} when the storage does not answer within 5 s.
 */
public interface Fences {
  /**
   * Hands out {@link TokenRange#SIZE} tokens of a room, higher than all that were handed out
   * before; two calls never hand out the same. From its return on no commit under an older token is
   * accepted.
   *
   * @throws IllegalArgumentException if the room does not exist
   */
  TokenRange draw(RoomId room);

  /**
   * Bars grants: from its return on no commit on the block under this token or an older one is
   * accepted. A fence that is ahead already stays where it is. Does nothing if the room does not
   * exist.
   */
  void bar(RoomId room, Map<BlockId, FencingToken> former);
}
