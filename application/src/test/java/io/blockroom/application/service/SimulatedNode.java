package io.blockroom.application.service;

import io.blockroom.application.port.out.BlockLocks;
import io.blockroom.application.port.out.CommitLog;
import io.blockroom.application.port.out.CoordinationUnavailable;
import io.blockroom.application.port.out.Fences;
import io.blockroom.application.port.out.RoomArchive;
import io.blockroom.application.port.out.RoomBroadcast;
import io.blockroom.application.port.out.Rooms;
import io.blockroom.application.port.out.Seats;
import io.blockroom.application.port.out.StorageUnavailable;
import io.blockroom.application.port.out.Workspaces;
import java.util.function.Supplier;

/** A server of a simulation, and what it is about. */
final class SimulatedNode {
  final String name;
  final School.Server server;
  private final Chance chance;

  boolean isStorageAway;

  /** Whether it is dead, as the others see it. */
  boolean isDead;

  /** Whether its process has ended: it does nothing any more. A dead one may go on for a while. */
  boolean isStopped;

  boolean isTending;

  /** Whether a commit has its turn. */
  boolean isCommitting;

  /** What is up to chance whenever a server asks something of the outside. */
  interface Chance {
    /** Others may do something. */
    void interrupt();

    /** Whether a call gets lost, before or after it is done. */
    boolean losesCall();
  }

  /** A process ends in the middle of something. */
  static final class Stopped extends Error {
    private static final long serialVersionUID = 1L;
  }

  SimulatedNode(String name, School school, Chance chance) {
    this.name = name;
    this.chance = chance;
    server = school.server(this::detoured);
  }

  private School.Ports detoured(School.Ports ports) {
    return new School.Ports(
        Detour.of(Rooms.class, ports.rooms(), this::toStorage),
        Detour.of(Workspaces.class, ports.workspaces(), this::toStorage),
        Detour.of(Fences.class, ports.fences(), this::toStorage),
        Detour.of(RoomArchive.class, ports.archive(), this::toStorage),
        Detour.of(CommitLog.class, ports.log(), this::toStorage),
        Detour.of(Seats.class, ports.seats(), this::toCoordination),
        Detour.of(BlockLocks.class, ports.locks(), this::toCoordination),
        Detour.of(RoomBroadcast.class, ports.broadcast(), this::toCoordination));
  }

  private Object toStorage(Supplier<Object> step) {
    return pass(step, isStorageAway, SimulatedNode::noStorage);
  }

  private Object toCoordination(Supplier<Object> step) {
    return pass(step, false, SimulatedNode::noCoordination);
  }

  private Object pass(
      Supplier<Object> step, boolean isAway, Supplier<RuntimeException> unavailable) {
    requireProcess();
    chance.interrupt();
    requireProcess();
    if (isAway || chance.losesCall()) {
      throw unavailable.get();
    }
    Object answer = step.get();
    chance.interrupt();
    requireProcess();
    if (chance.losesCall()) {
      throw unavailable.get();
    }
    return answer;
  }

  private void requireProcess() {
    if (isStopped) {
      throw new Stopped();
    }
  }

  private static RuntimeException noStorage() {
    return new StorageUnavailable(new IllegalStateException("lost by chance"));
  }

  private static RuntimeException noCoordination() {
    return new CoordinationUnavailable(new IllegalStateException("lost by chance"));
  }
}
