package io.blockroom.adapters.postgres;

import io.helidon.dbclient.DbClientException;
import java.sql.SQLException;

/** No connection was to be had from the pool. */
final class NoConnection extends DbClientException {
  private static final long serialVersionUID = 1L;

  NoConnection(SQLException cause) {
    super("no connection", cause);
  }
}
