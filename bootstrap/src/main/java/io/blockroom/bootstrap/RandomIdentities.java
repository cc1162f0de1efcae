package io.blockroom.bootstrap;

import io.blockroom.application.service.Identities;
import io.blockroom.domain.commit.Epoch;
import io.blockroom.domain.lock.Ticket;
import io.blockroom.domain.participant.ClientId;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Random UUIDs (RFC 9562, version 4) and random numbers. */
final class RandomIdentities implements Identities {
  @Override
  public ClientId newClientId() {
    return new ClientId(UUID.randomUUID().toString());
  }

  @Override
  public Ticket newTicket() {
    return new Ticket(UUID.randomUUID().toString());
  }

  @Override
  public Epoch newEpoch() {
    return new Epoch(UUID.randomUUID().toString());
  }

  @Override
  public int draw() {
    return ThreadLocalRandom.current().nextInt();
  }
}
