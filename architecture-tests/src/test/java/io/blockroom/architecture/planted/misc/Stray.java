package io.blockroom.architecture.planted.misc;

/** Lives in a package that no rule knows. */
public record Stray() {}
