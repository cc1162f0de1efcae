package io.blockroom.application.fake;

import io.blockroom.application.port.out.Chores;
import io.blockroom.application.port.out.CoordinationUnavailable;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** One server's turns at chores; servers made of one {@link Shared} take turns. */
public final class InMemoryChores implements Chores {
  private final Shared shared;
  private volatile boolean cutOff;

  /** The only server. */
  public InMemoryChores() {
    this(new Shared());
  }

  private InMemoryChores(Shared shared) {
    this.shared = shared;
  }

  /** What servers have in common. */
  public static final class Shared {
    private final Map<String, InMemoryChores> atWork = new ConcurrentHashMap<>();

    /** One more server. */
    public InMemoryChores server() {
      return new InMemoryChores(this);
    }
  }

  /** This server dies: others may do what it was at. */
  public void crash() {
    shared.atWork.values().removeIf(this::equals);
  }

  /** From now on every call ends with {@link CoordinationUnavailable}. */
  public void cutOff() {
    cutOff = true;
  }

  /** From now on calls are answered again. */
  public void reconnect() {
    cutOff = false;
  }

  @Override
  public boolean attempt(String name, Runnable work) {
    if (cutOff) {
      throw new CoordinationUnavailable(new IllegalStateException("cut off by the test"));
    }
    if (Optional.ofNullable(shared.atWork.putIfAbsent(name, this)).isPresent()) {
      return false;
    }
    try {
      work.run();
      return true;
    } finally {
      shared.atWork.remove(name, this);
    }
  }
}
