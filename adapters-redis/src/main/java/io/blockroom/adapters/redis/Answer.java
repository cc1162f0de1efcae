package io.blockroom.adapters.redis;

import io.blockroom.domain.block.BlockId;
import io.blockroom.domain.lock.BlockLock;
import io.blockroom.domain.lock.FencingToken;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.Revision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The texts that a script returned, read one after the other. */
final class Answer {
  private final Iterator<String> texts;

  Answer(Collection<String> texts) {
    this.texts = texts.iterator();
  }

  boolean hasMore() {
    return texts.hasNext();
  }

  String text() {
    return texts.next();
  }

  /** Whether the next text says yes. */
  boolean isYes() {
    return text().equals("1");
  }

  int number() {
    return Integer.parseInt(text());
  }

  /** So many texts, as an answer of their own. */
  Answer part(int length) {
    List<String> part = new ArrayList<>(length);
    for (int n = 0; n < length; n++) {
      part.add(text());
    }
    return new Answer(part);
  }

  Revision revision() {
    return new Revision(Long.parseLong(text()));
  }

  ClientId clientId() {
    return new ClientId(text());
  }

  BlockId block() {
    return new BlockId(text());
  }

  FencingToken token() {
    return new FencingToken(Long.parseLong(text()));
  }

  Duration duration() {
    return Duration.ofMillis(Long.parseLong(text()));
  }

  /** All that is left: locks. */
  List<BlockLock> locks() {
    List<BlockLock> locks = new ArrayList<>();
    while (hasMore()) {
      locks.add(new BlockLock(block(), clientId(), token(), duration()));
    }
    return locks;
  }

  /** All that is left: blocks and their tokens. */
  Map<BlockId, FencingToken> tokens() {
    Map<BlockId, FencingToken> tokens = new LinkedHashMap<>();
    while (hasMore()) {
      tokens.put(block(), token());
    }
    return tokens;
  }

  /** All that is left: blocks. */
  List<BlockId> blocks() {
    List<BlockId> blocks = new ArrayList<>();
    while (hasMore()) {
      blocks.add(block());
    }
    return blocks;
  }
}
