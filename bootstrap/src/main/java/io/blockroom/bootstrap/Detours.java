package io.blockroom.bootstrap;

import io.blockroom.application.port.out.CommitLog;
import io.blockroom.application.port.out.RoomBroadcast;
import java.util.function.UnaryOperator;

/**
 * What stands between the commits' service and what it needs: nothing, except in tests of faults.
 */
record Detours(UnaryOperator<CommitLog> log, UnaryOperator<RoomBroadcast> broadcast) {
  static final Detours NONE = new Detours(UnaryOperator.identity(), UnaryOperator.identity());
}
