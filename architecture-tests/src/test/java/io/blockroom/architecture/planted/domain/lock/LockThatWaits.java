package io.blockroom.architecture.planted.domain.lock;

import java.util.concurrent.CountDownLatch;

/** The domain depends on threads. */
public record LockThatWaits(CountDownLatch release) {}
