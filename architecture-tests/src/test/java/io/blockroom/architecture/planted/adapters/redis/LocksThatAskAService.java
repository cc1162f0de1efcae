package io.blockroom.architecture.planted.adapters.redis;

import io.blockroom.architecture.planted.application.service.Entrance;

/** A driven adapter depends on a service. */
public record LocksThatAskAService(Entrance entrance) {}
