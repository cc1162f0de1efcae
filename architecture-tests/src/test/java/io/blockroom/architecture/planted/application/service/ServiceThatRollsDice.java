package io.blockroom.architecture.planted.application.service;

import java.util.Random;

/** Asks for chance. */
public final class ServiceThatRollsDice {
  public Object dice() {
    return new Random();
  }
}
