package io.blockroom.adapters.websocket.connection;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which web pages may talk to this server (RFC 6455 section 10.2; RFC 6454 for origins).
 *
 * <p>A browser lets any page open a WebSocket anywhere and only names the page in {@code Origin}.
 * Allowed are pages of the very host and port that the request was sent to, and those of the list.
 *
 * @param allowed further origins, as {@code https://school.example} or {@code
 *     http://localhost:5173}
 * @param allowAbsent whether requests without an Origin are taken; browsers always send one, other
 *     clients need not
 * @param loopbackOnly whether the Host must name the loopback, as it does when the server is bound
 *     to it: a foreign name that was made to resolve to 127.0.0.1 (DNS rebinding) is refused
 */
public record OriginPolicy(Set<String> allowed, boolean allowAbsent, boolean loopbackOnly) {

  /** The answer to a request. */
  public enum Verdict {
    ALLOWED("allowed"),
    FOREIGN_HOST("host not allowed"),
    FOREIGN_ORIGIN("origin not allowed"),
    MISSING_ORIGIN("origin required");

    private final String text;

    Verdict(String text) {
      this.text = text;
    }

    public boolean isAllowed() {
      return this == ALLOWED;
    }

    /** A constant text for the client. */
    public String text() {
      return text;
    }
  }

  private static final String HOST_NAME = "[a-z0-9_](?:[a-z0-9._-]*)|\\[[0-9a-f:.]+]";
  private static final Pattern AUTHORITY = Pattern.compile("(" + HOST_NAME + ")(?::([0-9]{1,5}))?");
  private static final Pattern ORIGIN =
      Pattern.compile("(https?|wss?)://(" + HOST_NAME + ")(?::([0-9]{1,5}))?");
  private static final Pattern LOOPBACK_V4 =
      Pattern.compile("127(?:\\.(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})){3}");

  public OriginPolicy {
    allowed =
        allowed.stream()
            .map(origin ->
                Origin.parse(origin)
                    .orElseThrow(() -> new IllegalArgumentException("not an origin: " + origin))
                    .normalised())
            .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Judges a request by its Host and Origin headers.
   *
   * @param host empty if there is none
   * @param origin empty if there is none
   */
  public Verdict check(Optional<String> host, Optional<String> origin) {
    Optional<Authority> target = host.flatMap(Authority::parse);
    if (target.isEmpty() || (loopbackOnly && !target.get().isLoopback())) {
      return Verdict.FOREIGN_HOST;
    }
    if (origin.isEmpty()) {
      return allowAbsent ? Verdict.ALLOWED : Verdict.MISSING_ORIGIN;
    }
    Optional<Origin> page = origin.flatMap(Origin::parse);
    if (page.isEmpty()) {
      return Verdict.FOREIGN_ORIGIN;
    }
    return page.get().isOn(target.get()) || allowed.contains(page.get().normalised())
        ? Verdict.ALLOWED
        : Verdict.FOREIGN_ORIGIN;
  }

  private record Authority(String host, int port) {

    private static final int DEFAULT = -1;

    static Optional<Authority> parse(String text) {
      Matcher parts = AUTHORITY.matcher(text.toLowerCase(Locale.ROOT));
      return parts.matches()
          ? Optional.of(new Authority(parts.group(1), port(parts.group(2))))
          : Optional.empty();
    }

    static int port(@Nullable String digits) {
      return digits == null ? DEFAULT : Integer.parseInt(digits);
    }

    boolean isLoopback() {
      return host.equals("localhost")
          || host.equals("[::1]")
          || LOOPBACK_V4.matcher(host).matches();
    }
  }

  private record Origin(String scheme, Authority authority) {

    static Optional<Origin> parse(String text) {
      Matcher parts = ORIGIN.matcher(text.toLowerCase(Locale.ROOT));
      return parts.matches()
          ? Optional.of(
              new Origin(
                  parts.group(1), new Authority(parts.group(2), Authority.port(parts.group(3)))))
          : Optional.empty();
    }

    /** The scheme is not compared: behind a proxy that ends TLS the server cannot know it. */
    boolean isOn(Authority target) {
      int targetPort = target.port() == Authority.DEFAULT ? defaultPort() : target.port();
      return authority.host().equals(target.host()) && port() == targetPort;
    }

    String normalised() {
      return scheme + "://" + authority.host() + ":" + port();
    }

    private int port() {
      return authority.port() == Authority.DEFAULT ? defaultPort() : authority.port();
    }

    private int defaultPort() {
      return scheme.equals("https") || scheme.equals("wss") ? 443 : 80;
    }
  }
}
