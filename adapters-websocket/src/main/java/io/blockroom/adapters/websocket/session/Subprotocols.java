package io.blockroom.adapters.websocket.session;

import io.blockroom.adapters.websocket.codec.Audience;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.WritableHeaders;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a client offers as {@code Sec-WebSocket-Protocol}: the protocol that it speaks, and
 * credentials, which would be logged on their way if they stood in the address.
 *
 * @param resumeToken what it says to show whose seat it had; only with v1
 */
record Subprotocols(Audience audience, Optional<String> resumeToken) {
  private static final HeaderName HEADER = HeaderNames.create("Sec-WebSocket-Protocol");
  private static final String V1 = "blockroom.v1";
  private static final String RESUME = "resume.";

  /** A longer token cannot be one of ours: what is left of it is as good as a forged one. */
  private static final int MAX_TOKEN_LENGTH = 4096 - RESUME.length();

  static final Subprotocols NONE = new Subprotocols(Audience.SEED, Optional.empty());

  /** Reads a list of items that may be spread over several lines. */
  static Subprotocols of(Headers request) {
    List<String> items =
        request.all(HEADER, List::of).stream()
            .flatMap(line -> Arrays.stream(line.split(",", -1)))
            .map(String::strip)
            .toList();
    if (!items.contains(V1)) {
      return NONE;
    }
    return new Subprotocols(
        Audience.V1,
        items.stream()
            .filter(item -> item.startsWith(RESUME))
            .map(item -> item.substring(RESUME.length()))
            .map(token -> token.length() > MAX_TOKEN_LENGTH ? "" : token)
            .findFirst());
  }

  /** What the answer to the handshake says. */
  Optional<Headers> answer() {
    return switch (audience) {
      case SEED -> Optional.empty();
      case V1 -> Optional.of(WritableHeaders.create().set(HEADER, V1));
    };
  }

  @Override
  public String toString() {
    return audience.name();
  }
}
