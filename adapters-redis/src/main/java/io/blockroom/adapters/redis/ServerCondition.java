package io.blockroom.adapters.redis;

import java.util.Map;
import java.util.stream.Collectors;
import org.redisson.api.RScript;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/**
 * What a Redis server says about itself ({@code INFO}).
 *
 * @param version such as {@code 7.2.4}
 * @param evictionPolicy what it does when memory is short; {@code noeviction} is the only one under
 *     which it does not drop what it was given
 * @param runId another one after each start
 */
record ServerCondition(String version, String evictionPolicy, String runId) {
  private static final String KEEPS_EVERYTHING = "noeviction";

  static ServerCondition of(RedissonClient redisson) {
    String info =
        RedisCalls.await(
            redisson
                .getScript(StringCodec.INSTANCE)
                .<String>evalAsync(
                    RScript.Mode.READ_ONLY,
                    "return redis.call('INFO', 'server') .. redis.call('INFO', 'memory')",
                    RScript.ReturnType.VALUE));
    Map<String, String> fields =
        info.lines()
            .map(line -> line.split(":", 2))
            .filter(parts -> parts.length == 2)
            .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1], (a, b) -> a));
    return new ServerCondition(
        fields.getOrDefault("redis_version", "0.0"),
        fields.getOrDefault("maxmemory_policy", KEEPS_EVERYTHING),
        fields.getOrDefault("run_id", ""));
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
