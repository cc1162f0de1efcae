package io.blockroom.architecture.planted.application.service;

/** Sleeps. */
public final class ServiceThatSleeps {
  public void pause() throws InterruptedException {
    Thread.sleep(1);
  }
}
