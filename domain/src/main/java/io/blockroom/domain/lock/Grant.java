package io.blockroom.domain.lock;

import io.blockroom.domain.participant.ClientId;

/** Who holds a block, and under which token. */
public record Grant(ClientId owner, FencingToken token) {}
