package io.blockroom.adapters.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * What a database server is and how it is set, as far as the promises depend on it.
 *
 * @param version as PostgreSQL counts: major times 10,000 plus minor
 * @param encoding of the texts in the database
 * @param synchronousCommit what a session gets that does not ask for anything else
 */
record ServerCondition(
    int version, String encoding, String fsync, String fullPageWrites, String synchronousCommit) {
  /** The oldest major version that is used. */
  static final int OLDEST_MAJOR = 15;

  static ServerCondition of(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT current_setting('server_version_num')::int,
                       current_setting('server_encoding'),
                       current_setting('fsync'),
                       current_setting('full_page_writes'),
                       current_setting('synchronous_commit')
                """)) {
      row.next();
      return new ServerCondition(
          row.getInt(1), row.getString(2), row.getString(3), row.getString(4), row.getString(5));
    }
  }

  /** Refuses a server on which the promises do not hold. */
  void requireUsable(boolean insecureDurability) {
    if (version < OLDEST_MAJOR * 10_000) {
      throw new UnusablePostgres(
          "PostgreSQL %d is needed, this server is %d".formatted(OLDEST_MAJOR, version / 10_000));
    }
    if (!encoding.equals("UTF8")) {
      throw new UnusablePostgres(
          "the database must have the encoding UTF8, this one has " + encoding);
    }
    if (!insecureDurability && !nonDurable().isEmpty()) {
      throw new UnusablePostgres(
          "acknowledged commits could be lost: PostgreSQL runs with "
              + String.join(", ", nonDurable())
              + "; turn it on, or set insecure.durability=true to accept the loss");
    }
  }

  /** The settings that let an acknowledged commit be lost, each with its value. */
  List<String> nonDurable() {
    List<String> off = new ArrayList<>();
    if (fsync.equals("off")) {
      off.add("fsync=off");
    }
    if (fullPageWrites.equals("off")) {
      off.add("full_page_writes=off");
    }
    if (synchronousCommit.equals("off")) {
      off.add("synchronous_commit=off");
    }
    return off;
  }
}
