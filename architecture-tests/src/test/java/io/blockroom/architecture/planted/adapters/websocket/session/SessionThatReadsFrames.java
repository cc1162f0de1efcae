package io.blockroom.architecture.planted.adapters.websocket.session;

import io.blockroom.architecture.planted.adapters.websocket.frame.FrameThatKnowsItsSession;

/** The other half of a cycle. */
public interface SessionThatReadsFrames {
  FrameThatKnowsItsSession next();
}
