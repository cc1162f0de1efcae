package io.blockroom.adapters.postgres;

import io.blockroom.application.port.out.FencesContract;

/** G4: PostgreSQL keeps to the contract of fences. */
class PostgresFencesTest extends OnPostgres implements FencesContract {}
