package io.blockroom.application.service;

import io.blockroom.domain.participant.ClientId;

/** Where ids and chance come from. */
public interface Identities {
  /** An id that nobody ever had and nobody can guess. */
  ClientId newClientId();

  /** Any number. */
  int draw();
}
