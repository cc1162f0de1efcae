package io.blockroom.architecture.planted.adapters.redis;

/** Carries a script that goes through all keys. */
public final class LocksWithAScriptThatSearches {
  public String script() {
    return """
    return redis.call('keys', ARGV[1])
    """;
  }
}
