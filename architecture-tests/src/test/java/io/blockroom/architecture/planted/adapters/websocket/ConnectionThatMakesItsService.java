package io.blockroom.architecture.planted.adapters.websocket;

import io.blockroom.architecture.planted.application.service.Entrance;
import java.util.function.Supplier;

/** A driving adapter depends on a service, and makes it by reference. */
public final class ConnectionThatMakesItsService {
  public Supplier<Object> service() {
    return Entrance::new;
  }
}
