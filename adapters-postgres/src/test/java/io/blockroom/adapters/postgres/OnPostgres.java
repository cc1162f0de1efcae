package io.blockroom.adapters.postgres;

import io.blockroom.application.port.out.Storage;
import io.blockroom.application.port.out.StorageContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInstance;

/** A storage in PostgreSQL, and the same one at the end of a way that can go dead. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OnPostgres implements StorageContract {
  final String database = SharedPostgres.freshDatabase();
  final PostgresStorage postgres = PostgresStorage.start(SharedPostgres.settings(database));
  private final MuteProxy way = new MuteProxy(SharedPostgres.port());
  private final PostgresStorage far =
      PostgresStorage.start(SharedPostgres.hasty(SharedPostgres.settings(database, way.port())));

  @Override
  public Storage storage() {
    return portsOf(postgres);
  }

  @Override
  public Storage lostStorage() {
    way.mute();
    return portsOf(far);
  }

  /** The contracts open rooms before each test, so nothing may be left of the test before. */
  @AfterEach
  void clear() {
    way.unmute();
    SharedPostgres.execute(database, "TRUNCATE rooms CASCADE");
  }

  @AfterAll
  void close() {
    postgres.close();
    far.close();
    way.close();
  }

  static Storage portsOf(PostgresStorage postgres) {
    return new Storage(
        postgres.rooms(),
        postgres.commitLog(),
        postgres.workspaces(),
        postgres.fences(),
        postgres.archive());
  }
}
