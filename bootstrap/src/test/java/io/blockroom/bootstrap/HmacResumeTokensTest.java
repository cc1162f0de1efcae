package io.blockroom.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockroom.application.port.out.ResumeTokens;
import io.blockroom.application.port.out.ResumeTokensContract;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HmacResumeTokensTest implements ResumeTokensContract {
  private static final byte[] KEY = key(1);

  @Override
  public ResumeTokens tokens() {
    return new HmacResumeTokens(KEY);
  }

  @Override
  public ResumeTokens tokensElsewhere() {
    return new HmacResumeTokens(KEY);
  }

  @Test
  @DisplayName("A21: a token under another key claims nothing")
  void a_token_under_another_key_claims_nothing() {
    String foreign = new HmacResumeTokens(key(2)).issue(CLAIM);

    assertThat(tokens().verify(foreign)).isEmpty();
  }

  @Test
  @DisplayName("A21: the claim of one token with the signature of another claims nothing")
  void the_signature_of_another_token_is_of_no_use() {
    String one = tokens().issue(CLAIM);
    String other =
        tokens()
            .issue(
                new ResumeTokens.Claim(
                    CLAIM.room(), CLAIM.clientId(), CLAIM.serial() + 1, CLAIM.expiresAt()));

    String mixed = other.substring(0, other.indexOf('.')) + one.substring(one.indexOf('.'));

    assertThat(tokens().verify(mixed)).isEmpty();
  }

  @Test
  void a_short_key_is_refused() {
    byte[] tooShort = new byte[HmacResumeTokens.KEY_LENGTH - 1];

    assertThatThrownBy(() -> new HmacResumeTokens(tooShort))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] key(int of) {
    byte[] key = new byte[HmacResumeTokens.KEY_LENGTH];
    Arrays.fill(key, (byte) of);
    return key;
  }
}
