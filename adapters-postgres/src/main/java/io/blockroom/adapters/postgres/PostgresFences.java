package io.blockroom.adapters.postgres;

import io.blockroom.application.port.out.Fences;
import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.lock.TokenRange;
import io.blockroom.domain.room.RoomId;
import io.helidon.dbclient.DbRow;
import java.util.Map;

/**
 * Fences as rows of the table {@code fences}, and the bounds of a room's tokens in its row. Whoever
 * changes either holds the lock on the room's row, as whoever stores a commit does: no commit that
 * was judged before is stored behind it.
 */
final class PostgresFences implements Fences {
  private final PostgresCalls calls;

  PostgresFences(PostgresCalls calls) {
    this.calls = calls;
  }

  /** Fences below the new floor are of no use any more. */
  @Override
  public TokenRange draw(RoomId room) {
    return calls.answer(database ->
        database
            .get(
                """
                WITH drawn AS (
                  UPDATE rooms
                     SET token_floor = token_ceiling + 1, token_ceiling = token_ceiling + ?
                   WHERE room_id = ?
                  RETURNING room_id, token_floor, token_ceiling
                ), needless AS (
                  DELETE FROM fences
                   USING drawn
                   WHERE fences.room_id = drawn.room_id AND token < token_floor
                )
                SELECT token_floor, token_ceiling FROM drawn
                """,
                TokenRange.SIZE,
                room.value())
            .map(PostgresFences::range)
            .orElseThrow(() -> new IllegalArgumentException("no such room: " + room)));
  }

  @Override
  public void bar(RoomId room, Map<BlockId, FencingToken> former) {
    String[] blocks = former.keySet().stream().map(BlockId::value).toArray(String[]::new);
    Long[] tokens = former.values().stream().map(FencingToken::value).toArray(Long[]::new);
    calls.transact(database -> {
      boolean isThere =
          database
              .get("SELECT 1 FROM rooms WHERE room_id = ? FOR UPDATE", room.value())
              .isPresent();
      return isThere
          ? database.insert(
              """
              INSERT INTO fences AS fence (room_id, block_id, token, owner)
              SELECT CAST(? AS text), block_id, token, NULL
                FROM unnest(CAST(? AS text[]), CAST(? AS bigint[])) AS barred (block_id, token)
              ON CONFLICT (room_id, block_id) DO UPDATE
                 SET token = excluded.token, owner = NULL
               WHERE fence.token <= excluded.token
              """,
              room.value(),
              blocks,
              tokens)
          : 0L;
    });
  }

  private static TokenRange range(DbRow row) {
    return new TokenRange(
        new FencingToken(row.column("token_floor").get(Long.class)),
        new FencingToken(row.column("token_ceiling").get(Long.class)));
  }
}
