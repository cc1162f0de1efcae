package io.blockroom.adapters.postgres;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The URL of a database, taken apart: {@code [jdbc:]postgresql://user:password@host:port/database}
 * with {@code ?name=value&…} behind it. User and password may also be given as parameters of these
 * names. No error message repeats any part of the URL: a mistyped one may have its password
 * anywhere.
 *
 * @param jdbcUrl what the driver understands, without user and password
 */
record PostgresUrl(String jdbcUrl, String user, String password) {
  private static final Pattern FORM =
      Pattern.compile(
          "(?:jdbc:)?postgres(?:ql)?://(?:(?<login>[^/?]*)@)?(?<hosts>[^/?@]*)"
              + "(?:/(?<database>[^?]*))?(?:\\?(?<parameters>.*))?");

  private static final String HOST = "(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::[0-9]{1,5})?";
  private static final Pattern HOSTS = Pattern.compile(HOST + "(?:," + HOST + ")*");

  static PostgresUrl parse(String url) {
    Matcher parts = FORM.matcher(url.strip());
    if (!parts.matches()) {
      throw wrong("it does not start with postgresql:// or jdbc:postgresql://");
    }
    if (!HOSTS.matcher(parts.group("hosts")).matches()) {
      throw wrong("no host, or not of the form host:port (is '/' or '?' in the password encoded?)");
    }
    String database = decoded(orEmpty(parts.group("database")));
    if (database.isEmpty()) {
      throw wrong("no database name after the host");
    }
    String[] login = orEmpty(parts.group("login")).split(":", 2);
    String user = decoded(login[0]);
    String password = login.length == 2 ? decoded(login[1]) : "";

    List<String> others = new ArrayList<>();
    for (String parameter : orEmpty(parts.group("parameters")).split("&", -1)) {
      String[] pair = parameter.split("=", 2);
      String value = pair.length == 2 ? decoded(pair[1]) : "";
      switch (pair[0]) {
        case "" -> {}
        case "user" -> user = value;
        case "password" -> password = value;
        default -> others.add(pair[0] + "=" + encoded(value));
      }
    }
    if (user.isEmpty()) {
      throw wrong("no user before the host");
    }
    String tail = others.isEmpty() ? "" : "?" + String.join("&", others);
    return new PostgresUrl(
        "jdbc:postgresql://" + parts.group("hosts") + "/" + encoded(database) + tail,
        user,
        password);
  }

  /** Everything but the password. */
  @Override
  public String toString() {
    return jdbcUrl + " user=" + user;
  }

  private static String orEmpty(@Nullable String part) {
    return part == null ? "" : part;
  }

  private static String decoded(String part) {
    try {
      // A plus stands for itself here; only forms use it for a blank.
      return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      // Its message quotes the part, so it is not kept as the cause.
      throw wrong("a '%' is not followed by two hexadecimal digits (a plain '%' is written %25)");
    }
  }

  private static String encoded(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8);
  }

  private static IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(
        "database URL: " + what + "; expected postgresql://user:password@host:port/database");
  }
}
