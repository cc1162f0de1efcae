package io.blockroom.architecture.planted.adapters.websocket.frame;

import io.blockroom.architecture.planted.adapters.websocket.session.SessionThatReadsFrames;

/** One half of a cycle. */
public interface FrameThatKnowsItsSession {
  SessionThatReadsFrames session();
}
