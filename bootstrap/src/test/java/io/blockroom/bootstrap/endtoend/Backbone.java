package io.blockroom.bootstrap.endtoend;

import io.blockroom.adapters.postgres.PostgresProcess;
import io.blockroom.adapters.redis.RedisProcess;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A PostgreSQL and a Redis that several servers share, to be killed and started again. */
final class Backbone implements AutoCloseable {
  private final PostgresProcess postgres = PostgresProcess.create();
  private final RedisProcess redis = RedisProcess.start();

  PostgresProcess postgres() {
    return postgres;
  }

  RedisProcess redis() {
    return redis;
  }

  /** What a server is told to use them. */
  List<String> flags(String nodeId) {
    return List.of(
        "--port",
        "0",
        "--node.id",
        nodeId,
        "--database.url",
        "postgresql://postgres@127.0.0.1:" + postgres.port() + "/postgres",
        "--redis.url",
        redis.address());
  }

  /** The log of a room as it is stored: the names of its commits by their numbers. */
  Map<Long, String> log(String room) throws SQLException {
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
  static List<Long> upTo(int length) {
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
