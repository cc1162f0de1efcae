package io.blockroom.architecture.planted.application.port.in;

/** A port in which a class nests. */
public interface PortThatNestsAClass {
  /** The class. */
  final class Answer {}
}
