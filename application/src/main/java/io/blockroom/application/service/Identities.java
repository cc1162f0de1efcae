package io.blockroom.application.service;

import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.lock.Ticket;
import io.blockroom.domain.participant.ClientId;

/** Where ids and chance come from. */
public interface Identities {
  /** An id that nobody ever had and nobody can guess. */
  ClientId newClientId();

  /** A ticket that nobody ever had. */
  Ticket newTicket();

  /** An epoch that no history ever had. */
  Epoch newEpoch();

  /** Any number. */
  int draw();
}
