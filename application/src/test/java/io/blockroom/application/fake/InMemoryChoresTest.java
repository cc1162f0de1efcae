package io.blockroom.application.fake;

import io.blockroom.application.port.out.Chores;
import io.blockroom.application.port.out.ChoresContract;
import java.time.Duration;

class InMemoryChoresTest implements ChoresContract {
  private final InMemoryChores.Shared shared = new InMemoryChores.Shared();
  private final InMemoryChores here = shared.server();
  private final InMemoryChores there = shared.server();

  @Override
  public String chore() {
    return "sweep";
  }

  @Override
  public Chores chores() {
    return here;
  }

  @Override
  public Chores choresElsewhere() {
    return there;
  }

  @Override
  public void crashElsewhere() {
    there.crash();
  }

  @Override
  public Duration crashIsForgottenWithin() {
    return Duration.ofSeconds(5);
  }

  @Override
  public void cutOff() {
    here.cutOff();
  }

  @Override
  public void reconnect() {
    here.reconnect();
  }
}
