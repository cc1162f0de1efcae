package io.blockroom.adapters.websocket.connection;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.helidon.http.DirectHandler;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The client's side of the opening handshake is checked, the server's is written (RFC 6455 section
 * 4.2).
 */
final class OpeningHandshake {

  private static final HeaderName KEY = HeaderNames.create("Sec-WebSocket-Key");
  private static final HeaderName VERSION = HeaderNames.create("Sec-WebSocket-Version");
  private static final HeaderName PROTOCOL = HeaderNames.create("Sec-WebSocket-Protocol");
  private static final Header VERSION_13 = HeaderValues.create(VERSION, "13");
  private static final Header ALLOW_GET = HeaderValues.create(HeaderNames.ALLOW, "GET");
  private static final Pattern COMMA = Pattern.compile(",");
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private OpeningHandshake() {}

  /**
   * The key of a request that may become a WebSocket connection.
   *
   * @throws RequestException with the answer to one that may not
   */
  static String keyOf(HttpPrologue request, Headers headers, OriginPolicy origins) {
    if (!request.method().equals(Method.GET)) {
      throw refusal(Status.METHOD_NOT_ALLOWED_405, "WebSocket needs GET").header(ALLOW_GET).build();
    }
    if (!request.protocolVersion().equals("1.1")
        || !hasToken(headers, HeaderNames.CONNECTION, "upgrade")) {
      throw refusal(Status.BAD_REQUEST_400, "not a WebSocket handshake").build();
    }
    if (!only(headers, VERSION).equals(Optional.of("13"))) {
      throw refusal(Status.create(426, "Upgrade Required"), "WebSocket version 13 needed")
          .header(VERSION_13)
          .build();
    }
    OriginPolicy.Verdict verdict = verdict(headers, origins);
    if (!verdict.isAllowed()) {
      throw refusal(Status.FORBIDDEN_403, verdict.text()).build();
    }
    return only(headers, KEY)
        .filter(OpeningHandshake::isNonce)
        .orElseThrow(() -> refusal(Status.BAD_REQUEST_400, "invalid Sec-WebSocket-Key").build());
  }

  static RequestException.Builder refusal(Status status, String text) {
    return RequestException.builder()
        .type(DirectHandler.EventType.OTHER)
        .status(status)
        .message(text)
        .setKeepAlive(false);
  }

  /**
   * Whether a list of tokens, which may be spread over several lines, holds this one in any case.
   */
  static boolean hasToken(Headers headers, HeaderName name, String token) {
    return headers.all(name, List::of).stream()
        .flatMap(COMMA::splitAsStream)
        .anyMatch(value -> value.strip().equalsIgnoreCase(token));
  }

  static byte[] response(String key, Headers chosen) {
    StringBuilder response =
        new StringBuilder(256)
            .append(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n")
            .append("Sec-WebSocket-Accept: ")
            .append(accept(key))
            .append("\r\n");
    for (Header header : chosen) {
      header.validate();
      for (String value : header.allValues()) {
        response.append(header.name()).append(": ").append(value).append("\r\n");
      }
    }
    return response.append("\r\n").toString().getBytes(US_ASCII);
  }

  static Optional<String> subProtocol(Headers chosen) {
    return chosen.contains(PROTOCOL) ? Optional.of(chosen.get(PROTOCOL).get()) : Optional.empty();
  }

  private static OriginPolicy.Verdict verdict(Headers headers, OriginPolicy origins) {
    if (headers.all(HeaderNames.ORIGIN, List::of).size() > 1) {
      return OriginPolicy.Verdict.FOREIGN_ORIGIN;
    }
    return origins.check(only(headers, HeaderNames.HOST), only(headers, HeaderNames.ORIGIN));
  }

  private static Optional<String> only(Headers headers, HeaderName name) {
    List<String> values = headers.all(name, List::of);
    return values.size() == 1 ? Optional.of(values.getFirst().strip()) : Optional.empty();
  }

  private static boolean isNonce(String key) {
    try {
      return key.length() == 24 && Base64.getDecoder().decode(key).length == 16;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String accept(String key) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }
}
