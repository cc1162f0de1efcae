package io.blockroom.application.port.out;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockroom.application.port.out.ResumeTokens.Claim;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.RoomId;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link ResumeTokens} keeps to. */
public interface ResumeTokensContract {
  Claim CLAIM =
      new Claim(
          new RoomId("미로"),
          new ClientId("5f0c4a9e-8d1b-4a52-9a43-0b1f6a1f0e11"),
          3,
          Instant.parse("2026-11-24T08:00:00Z"));

  /** The tokens of one server. */
  ResumeTokens tokens();

  /** The tokens of another server of the same storage. */
  ResumeTokens tokensElsewhere();

  @Test
  default void a_token_claims_what_it_was_issued_for_on_every_server() {
    String token = tokens().issue(CLAIM);

    assertThat(tokens().verify(token)).contains(CLAIM);
    assertThat(tokensElsewhere().verify(token)).contains(CLAIM);
  }

  @Test
  default void a_token_can_be_an_item_of_a_subprotocol_header() {
    assertThat(tokens().issue(CLAIM)).matches("[A-Za-z0-9._-]{1,1024}");
  }

  @Test
  default void whether_a_token_has_expired_is_not_looked_at() {
    Claim old = new Claim(CLAIM.room(), CLAIM.clientId(), CLAIM.serial(), Instant.EPOCH);

    assertThat(tokens().verify(tokens().issue(old))).contains(old);
  }

  @Test
  default void the_claims_of_two_tokens_are_told_apart() {
    Claim next = new Claim(CLAIM.room(), CLAIM.clientId(), 4, CLAIM.expiresAt());
    String one = tokens().issue(CLAIM);
    String other = tokens().issue(next);

    assertThat(other).isNotEqualTo(one);
    assertThat(tokens().verify(one)).contains(CLAIM);
    assertThat(tokens().verify(other)).contains(next);
  }

  @Test
  @DisplayName("A21: a forged token claims nothing")
  default void a_token_that_was_changed_anywhere_claims_nothing() {
    String token = tokens().issue(CLAIM);

    assertThat(IntStream.range(0, token.length()).mapToObj(at -> changed(token, at)))
        .allSatisfy(forged -> assertThat(tokens().verify(forged)).isEmpty());
  }

  @Test
  default void what_is_no_token_claims_nothing() {
    assertThat(tokens().verify("")).isEmpty();
    assertThat(tokens().verify(".")).isEmpty();
    assertThat(tokens().verify("a.b")).isEmpty();
    assertThat(tokens().verify("x".repeat(100_000))).isEmpty();
  }

  private static String changed(String token, int at) {
    char other = token.charAt(at) == 'A' ? 'w' : 'A';
    return token.substring(0, at) + other + token.substring(at + 1);
  }
}
