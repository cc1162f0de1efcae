package io.blockroom.application.history;

/**
 * Something that must not have happened.
 *
 * @param invariant which of I1 to I7 of the list of invariants is broken
 * @param what in words
 */
public record Violation(String invariant, String what) {}
