package io.blockroom.faults.harness;

import io.blockroom.adapters.postgres.PostgresProcess;
import io.blockroom.adapters.redis.RedisProcess;
import io.blockroom.application.history.Entry.Row;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A PostgreSQL and a Redis that several servers share, to be killed and started again. */
public final class Backbone implements AutoCloseable {
  private final PostgresProcess postgres = PostgresProcess.create();
  private final RedisProcess redis = RedisProcess.start();

  public PostgresProcess postgres() {
    return postgres;
  }

  public RedisProcess redis() {
    return redis;
  }

  /** What a server is told to use them. */
  public List<String> flags(String nodeId) {
    return flags(nodeId, postgres.port(), redis.port());
  }

  /** The same through other ports. */
  public static List<String> flags(String nodeId, int postgres, int redis) {
    return List.of(
        "--port",
        "0",
        "--node.id",
        nodeId,
        "--database.url",
        "postgresql://postgres@127.0.0.1:" + postgres + "/postgres",
        "--redis.url",
        "redis://127.0.0.1:" + redis);
  }

  /** Restarts PostgreSQL, and has it count from now on how often each statement is carried out. */
  public void countStatements() throws IOException {
    postgres.execute("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'");
    postgres.stop();
    postgres.start();
    postgres.execute("CREATE EXTENSION pg_stat_statements");
  }

  /** How often statements like this were carried out so far. */
  public long countOf(String pattern) throws SQLException {
    try (Connection connection = postgres.connect();
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT coalesce(sum(calls), 0) FROM pg_stat_statements WHERE query LIKE ?")) {
      query.setString(1, pattern);
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  /** The log of a room. */
  public List<Row> rows(String room) throws SQLException {
    List<Row> log = new ArrayList<>();
    try (Connection connection = postgres.connect();
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT seq, client_id, cid, block_id, events FROM commits WHERE room_id = ?"
                    + " ORDER BY seq")) {
      query.setString(1, room);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          log.add(
              new Row(
                  rows.getLong("seq"),
                  rows.getString("client_id"),
                  Optional.ofNullable(rows.getString("cid")),
                  rows.getString("block_id"),
                  rows.getString("events")));
        }
      }
    }
    return log;
  }

  /** The log of a room as it is stored: the names of its commits by their numbers. */
  public Map<Long, String> log(String room) throws SQLException {
    Map<Long, String> log = new LinkedHashMap<>();
    try (Connection connection = postgres.connect();
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT seq, coalesce(cid, '') FROM commits WHERE room_id = ? ORDER BY seq")) {
      query.setString(1, room);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          log.put(rows.getLong(1), rows.getString(2));
        }
      }
    }
    return log;
  }

  /** The numbers 1, 2, 3 … up to the length of a log. */
  public static List<Long> upTo(int length) {
    List<Long> numbers = new ArrayList<>();
    for (long n = 1; n <= length; n++) {
      numbers.add(n);
    }
    return numbers;
  }

  @Override
  public void close() throws IOException {
    redis.close();
    postgres.close();
  }
}
