package io.blockroom.architecture.planted.domain.participant;

import io.blockroom.architecture.planted.domain.lock.Lock;

/** The first word of the domain depends on the third. */
public record ParticipantThatKnowsItsLocks(Lock lock) {}
