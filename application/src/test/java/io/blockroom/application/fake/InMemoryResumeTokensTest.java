package io.blockroom.application.fake;

import io.blockroom.application.port.out.ResumeTokens;
import io.blockroom.application.port.out.ResumeTokensContract;

class InMemoryResumeTokensTest implements ResumeTokensContract {
  private final InMemoryResumeTokens tokens = new InMemoryResumeTokens();

  @Override
  public ResumeTokens tokens() {
    return tokens;
  }

  @Override
  public ResumeTokens tokensElsewhere() {
    return tokens;
  }
}
