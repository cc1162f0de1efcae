package io.blockroom.bootstrap.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.blockroom.adapters.redis.RedisSettings.Topology;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a Redis is and who to be there. */
public record RedisUrl(Topology topology, @Nullable String user, @Nullable String password) {

  private static final int PORT = 6_379;
  private static final int SENTINEL_PORT = 26_379;

  private static final Pattern ADDRESS =
      Pattern.compile("(?<host>[^@:/?#,\\s\\[\\]]+|\\[[0-9A-Fa-f:.]+])(?::(?<port>\\d{1,5}))?");

  private static final Pattern FORM =
      Pattern.compile(
          "(?<scheme>rediss?)(?<kind>-sentinel|-cluster|)://"
              + "(?:(?<user>[^:/?#]*)(?::(?<password>[^/?#]*))?@)?"
              + "(?<hosts>[^@/?#\\s]+)(?:/(?<database>\\d{0,3}))?(?:#(?<master>[^\\s#]+))?");

  /** Reads the usual forms; what is wrong is never repeated in the exception. */
  static RedisUrl parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("not a Redis address");
    }
    return new RedisUrl(
        topology(parts), decoded(parts.group("user")), decoded(parts.group("password")));
  }

  /** The Redis on one port of this machine. */
  public static RedisUrl onThisMachine(int port, String password) {
    return new RedisUrl(new Topology.Single("redis://127.0.0.1:" + port, 0), null, password);
  }

  @Override
  public String toString() {
    return topology.toString();
  }

  private static Topology topology(Matcher parts) {
    String scheme = parts.group("scheme");
    String kind = parts.group("kind");
    String database = parts.group("database");
    String master = parts.group("master");
    List<String> addresses =
        Arrays.stream(parts.group("hosts").split(",", -1))
            .map(host -> address(scheme, host, kind.equals("-sentinel") ? SENTINEL_PORT : PORT))
            .toList();
    int number = database == null || database.isEmpty() ? 0 : Integer.parseInt(database);
    if (kind.equals("-sentinel") && master != null) {
      return new Topology.Sentinel(addresses, master, number);
    }
    if (kind.equals("-cluster") && master == null && database == null) {
      return new Topology.Cluster(addresses);
    }
    if (kind.isEmpty() && master == null && addresses.size() == 1) {
      return new Topology.Single(addresses.getFirst(), number);
    }
    throw new IllegalArgumentException("not what such a Redis has");
  }

  private static String address(String scheme, String host, int standardPort) {
    Matcher parts = ADDRESS.matcher(host);
    if (!parts.matches()) {
      throw new IllegalArgumentException("not a host and a port");
    }
    int port = parts.group("port") == null ? standardPort : Integer.parseInt(parts.group("port"));
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("not a port");
    }
    return scheme + "://" + parts.group("host") + ":" + port;
  }

  private static @Nullable String decoded(@Nullable String encoded) {
    return encoded == null || encoded.isEmpty()
        ? null
        : URLDecoder.decode(encoded.replace("+", "%2B"), UTF_8);
  }
}
