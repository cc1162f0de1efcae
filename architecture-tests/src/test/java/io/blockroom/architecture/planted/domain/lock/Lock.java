package io.blockroom.architecture.planted.domain.lock;

/** A value as it should be. */
public record Lock(String block) {}
