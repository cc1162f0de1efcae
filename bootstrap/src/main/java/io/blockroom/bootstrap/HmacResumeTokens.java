package io.blockroom.bootstrap;

import io.blockroom.application.port.out.ResumeTokens;
import io.blockroom.domain.participant.ClientId;
import io.blockroom.domain.room.RoomId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Resume tokens that carry what they claim and an HMAC-SHA-256 of it (RFC 2104) under a key that
 * all servers of one storage share: {@code claim.signature}, each in base64url (RFC 4648 section
 * 5).
 */
final class HmacResumeTokens implements ResumeTokens {
  /** Bytes of the key. */
  static final int KEY_LENGTH = 32;

  /** No token of ours is longer. */
  private static final int LONGEST = 1024;

  private static final String ALGORITHM = "HmacSHA256";
  private static final Pattern TOKEN = Pattern.compile("([A-Za-z0-9_-]+)\\.([A-Za-z0-9_-]+)");
  private static final Pattern CLAIM = Pattern.compile("(\\d{1,18}) (\\d{1,12}) (\\S+) (\\S+)");
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private final SecretKeySpec key;

  HmacResumeTokens(byte[] key) {
    if (key.length < KEY_LENGTH) {
      throw new IllegalArgumentException("a key of " + key.length + " bytes");
    }
    this.key = new SecretKeySpec(key, ALGORITHM);
  }

  @Override
  public String issue(Claim claim) {
    byte[] text =
        "%d %d %s %s"
            .formatted(
                claim.serial(),
                claim.expiresAt().getEpochSecond(),
                claim.clientId().value(),
                claim.room().value())
            .getBytes(StandardCharsets.UTF_8);
    return ENCODER.encodeToString(text) + "." + ENCODER.encodeToString(signature(text));
  }

  @Override
  public Optional<Claim> verify(String token) {
    Matcher parts = TOKEN.matcher(token);
    if (token.length() > LONGEST || !parts.matches()) {
      return Optional.empty();
    }
    try {
      byte[] text = Base64.getUrlDecoder().decode(parts.group(1));
      byte[] signature = Base64.getUrlDecoder().decode(parts.group(2));
      return MessageDigest.isEqual(signature, signature(text))
          ? claim(new String(text, StandardCharsets.UTF_8))
          : Optional.empty();
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  private static Optional<Claim> claim(String text) {
    Matcher parts = CLAIM.matcher(text);
    return parts.matches()
        ? Optional.of(
            new Claim(
                new RoomId(parts.group(4)),
                new ClientId(parts.group(3)),
                Long.parseLong(parts.group(1)),
                Instant.ofEpochSecond(Long.parseLong(parts.group(2)))))
        : Optional.empty();
  }

  private byte[] signature(byte[] text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }
}
