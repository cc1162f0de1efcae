package io.blockroom.architecture.planted.bootstrap;

/** What an operator chooses. */
public record Settings(int port) {}
