package io.blockroom.architecture.planted.application.port.in;

import java.util.List;

/** A port as it should be. */
public interface EnterRoom {
  void enter(Command command);

  /** Who comes in. */
  record Command(List<String> names) {
    public Command {
      names = List.copyOf(names);
    }
  }
}
