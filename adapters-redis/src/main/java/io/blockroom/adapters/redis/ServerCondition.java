package io.blockroom.adapters.redis;

import java.util.Map;
import org.redisson.api.redisnode.RedisNode.InfoSection;
import org.redisson.api.redisnode.RedisNodeAsync;

/**
 * What a Redis server says about itself ({@code INFO}).
 *
 * @param version such as {@code 7.2.4}
 * @param evictionPolicy what it does when memory is short; {@code noeviction} is the only one under
 *     which it does not drop what it was given
 */
record ServerCondition(String version, String evictionPolicy) {
  private static final String KEEPS_EVERYTHING = "noeviction";

  static ServerCondition of(RedisNodeAsync server) {
    Map<String, String> said = RedisCalls.await(server.infoAsync(InfoSection.ALL));
    return new ServerCondition(
        said.getOrDefault("redis_version", "0.0"),
        said.getOrDefault("maxmemory_policy", KEEPS_EVERYTHING));
  }

  /**
   * @throws UnusableRedis if locks cannot rest on this server
   */
  void requireUsable() {
    String[] parts = version.split("\\.", -1);
    int major = Integer.parseInt(parts[0]);
    int minor = Integer.parseInt(parts[1]);
    if (major < 6 || (major == 6 && minor < 2)) {
      throw new UnusableRedis("Redis " + version + " is too old; 6.2 or newer is needed");
    }
    if (!evictionPolicy.equals(KEEPS_EVERYTHING)) {
      throw new UnusableRedis(
          "Redis may drop locks when its memory is short (maxmemory-policy "
              + evictionPolicy
              + "); noeviction is needed");
    }
  }
}
