package io.blockroom.architecture.planted.adapters.postgres;

import io.blockroom.architecture.planted.application.port.out.Rooms;
import io.blockroom.architecture.planted.application.port.out.StorageUnavailable;
import java.sql.Connection;
import java.sql.SQLException;

/** Named and furnished as it should be. */
public final class PostgresRooms implements Rooms {
  private final Connection connection;

  public PostgresRooms(Connection connection) {
    this.connection = connection;
  }

  @Override
  public int count() {
    try {
      return connection.getNetworkTimeout();
    } catch (SQLException e) {
      throw new StorageUnavailable(e);
    }
  }
}
