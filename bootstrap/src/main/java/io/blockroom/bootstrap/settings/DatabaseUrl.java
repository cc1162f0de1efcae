package io.blockroom.bootstrap.settings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.net.URLDecoder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a PostgreSQL database is and who to be there.
 *
 * @param jdbc the address for JDBC, without user and password
 */
public record DatabaseUrl(String jdbc, String user, String password) {

  private static final Pattern FORM =
      Pattern.compile(
          "(?:jdbc:)?postgres(?:ql)?://(?:(?<user>[^:/?#]*)(?::(?<password>[^/?#]*))?@)?"
              + "(?<host>[^@/?#\\s]+)(?:/(?<name>[^?#\\s]*))?(?:\\?(?<options>[^#\\s]*))?");

  /** Reads both usual forms; what is wrong is never repeated in the exception. */
  static DatabaseUrl parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("not a PostgreSQL address");
    }
    Map<String, String> options = options(parts.group("options"));
    String user = decoded(parts.group("user"), options.remove("user"));
    String password = decoded(parts.group("password"), options.remove("password"));
    String name = parts.group("name") == null ? "" : parts.group("name");
    return new DatabaseUrl(
        "jdbc:postgresql://" + parts.group("host") + "/" + name + query(options),
        user.isEmpty() ? System.getProperty("user.name") : user,
        password);
  }

  /** The database on one port of this machine. */
  public static DatabaseUrl onThisMachine(int port, String name, String user, String password) {
    return new DatabaseUrl("jdbc:postgresql://127.0.0.1:" + port + "/" + name, user, password);
  }

  @Override
  public String toString() {
    return jdbc.replaceFirst("\\?.*", "") + " as " + user;
  }

  private static Map<String, String> options(@Nullable String query) {
    Map<String, String> options = new LinkedHashMap<>();
    if (query != null) {
      Arrays.stream(query.split("&"))
          .filter(option -> !option.isEmpty())
          .map(option -> option.split("=", 2))
          .forEach(option -> options.put(option[0], option.length == 2 ? option[1] : ""));
    }
    return options;
  }

  private static String query(Map<String, String> options) {
    return options.isEmpty()
        ? ""
        : options.entrySet().stream()
            .map(option -> option.getKey() + "=" + option.getValue())
            .collect(joining("&", "?", ""));
  }

  private static String decoded(@Nullable String inAuthority, @Nullable String inOptions) {
    String encoded = inAuthority != null ? inAuthority : inOptions != null ? inOptions : "";
    // A plus is a plus here; the decoder is one for forms, where it is a blank.
    return URLDecoder.decode(encoded.replace("+", "%2B"), UTF_8);
  }
}
