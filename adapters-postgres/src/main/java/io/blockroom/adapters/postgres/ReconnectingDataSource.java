package io.blockroom.adapters.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Connects as soon as the server is there. A pool that is refused asks again after ever longer
 * pauses, up to 5 s, and would notice the end of an outage that late; so it is not told of a
 * refusal for half a minute, while this asks four times a second.
 */
final class ReconnectingDataSource extends PGSimpleDataSource {
  private static final long serialVersionUID = 1L;
  private static final System.Logger LOG = System.getLogger(ReconnectingDataSource.class.getName());
  private static final Duration PAUSE = Duration.ofMillis(250);
  private static final int ATTEMPTS = 120;

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try {
        return super.getConnection(user, password);
      } catch (SQLException refused) {
        if (attempt == 1) {
          LOG.log(
              System.Logger.Level.WARNING, "no connection to PostgreSQL: " + refused.getMessage());
        }
        if (attempt == ATTEMPTS) {
          throw refused;
        }
        pause(refused);
      }
    }
  }

  private static void pause(SQLException refused) throws SQLException {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
      throw refused;
    }
  }
}
