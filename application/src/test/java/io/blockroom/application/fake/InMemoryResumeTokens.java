package io.blockroom.application.fake;

import io.blockroom.application.port.out.ResumeTokens;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Tokens that say nothing: what they claim is kept here. */
public final class InMemoryResumeTokens implements ResumeTokens {
  private final Map<String, Claim> issued = new ConcurrentHashMap<>();

  @Override
  public String issue(Claim claim) {
    String token = "token-%s-%d-%d".formatted(claim.clientId(), claim.serial(), issued.size());
    issued.put(token, claim);
    return token;
  }

  @Override
  public Optional<Claim> verify(String token) {
    return Optional.ofNullable(issued.get(token));
  }
}
