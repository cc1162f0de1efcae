package io.blockroom.adapters.websocket.session;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what a request's target names. The raw text is read, because decoding before splitting
 * would take an encoded slash or semicolon for a separator.
 */
public final class RequestTarget {
  private RequestTarget() {}

  /**
   * What stands behind the prefix, without one trailing slash, percent-decoded; empty if it cannot
   * be decoded, or if the path begins otherwise (routes are matched with the decoded path).
   */
  public static String lastSegment(String rawPath, String prefix) {
    if (!rawPath.startsWith(prefix)) {
      return "";
    }
    String rest = rawPath.substring(prefix.length());
    String segment = rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
    return decode(segment.replace("+", "%2B"));
  }

  /** The first value of a query parameter; empty if there is none or it cannot be decoded. */
  static String parameter(String rawQuery, String name) {
    return Arrays.stream(rawQuery.split("&", -1))
        .filter(pair -> pair.startsWith(name + "="))
        .map(pair -> decode(pair.substring(name.length() + 1)))
        .findFirst()
        .orElse("");
  }

  private static String decode(String encoded) {
    try {
      return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notPercentEncoded) {
      return "";
    }
  }
}
