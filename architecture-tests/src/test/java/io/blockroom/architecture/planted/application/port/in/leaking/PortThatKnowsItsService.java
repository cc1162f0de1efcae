package io.blockroom.architecture.planted.application.port.in.leaking;

import io.blockroom.architecture.planted.application.service.Entrance;

/** A port depends on a service. */
public interface PortThatKnowsItsService {
  Entrance entrance();
}
