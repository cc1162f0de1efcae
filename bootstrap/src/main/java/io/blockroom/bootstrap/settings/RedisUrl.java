package io.blockroom.bootstrap.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a Redis is and who to be there.
 *
 * @param address scheme, host and port, such as {@code redis://127.0.0.1:6379}
 * @param database the number of the database inside it
 */
public record RedisUrl(
    String address, @Nullable String user, @Nullable String password, int database) {

  private static final Pattern FORM =
      Pattern.compile(
          "(?<scheme>rediss?)://(?:(?<user>[^:/?#]*)(?::(?<password>[^/?#]*))?@)?"
              + "(?<host>[^@:/?#\\s\\[\\]]+|\\[[0-9A-Fa-f:.]+])(?::(?<port>\\d{1,5}))?"
              + "(?:/(?<database>\\d{0,3}))?");

  /** Reads the usual form; what is wrong is never repeated in the exception. */
  static RedisUrl parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("not a Redis address");
    }
    int port = parts.group("port") == null ? 6_379 : Integer.parseInt(parts.group("port"));
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("not a port");
    }
    String database = parts.group("database");
    return new RedisUrl(
        parts.group("scheme") + "://" + parts.group("host") + ":" + port,
        decoded(parts.group("user")),
        decoded(parts.group("password")),
        database == null || database.isEmpty() ? 0 : Integer.parseInt(database));
  }

  /** The Redis on one port of this machine. */
  public static RedisUrl onThisMachine(int port, String password) {
    return new RedisUrl("redis://127.0.0.1:" + port, null, password, 0);
  }

  @Override
  public String toString() {
    return address + "/" + database;
  }

  private static @Nullable String decoded(@Nullable String encoded) {
    return encoded == null || encoded.isEmpty()
        ? null
        : URLDecoder.decode(encoded.replace("+", "%2B"), UTF_8);
  }
}
