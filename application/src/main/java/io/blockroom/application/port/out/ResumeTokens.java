package io.blockroom.application.port.out;

import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.RoomId;
import java.time.Instant;
import java.util.Optional;

/**
 * Tokens by which a client that lost its connection shows whose seat it had. All servers of one
 * storage know each other's; nobody else can make one.
 */
public interface ResumeTokens {
  /** A token of the characters A–Z a–z 0–9 - _ and full stop. */
  String issue(Claim claim);

  /** What a token claims, if it is genuine; whether it has expired is not looked at. */
  Optional<Claim> verify(String token);

  /**
   * @param serial counts the tokens of a seat
   * @param expiresAt in whole seconds
   */
  record Claim(RoomId room, ClientId clientId, long serial, Instant expiresAt) {}
}
