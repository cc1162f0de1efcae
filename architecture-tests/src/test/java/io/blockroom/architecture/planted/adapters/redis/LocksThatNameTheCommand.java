package io.blockroom.architecture.planted.adapters.redis;

import org.redisson.api.RedissonClient;
import org.redisson.client.protocol.RedisCommands;

/** Goes through all keys by the bare command. */
public final class LocksThatNameTheCommand {
  public Object ask(RedissonClient redis) {
    return RedisCommands.SCAN;
  }
}
