package io.blockroom.adapters.redis;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.blockroom.adapters.redis.RedisSettings.Topology;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Three masters that share the slots of a cluster; what one has, no other keeps. */
final class RedisClusterProcesses implements RedisServers {
  private static final int SLOTS = 16_384;

  private final List<RedisProcess> masters =
      Stream.generate(RedisClusterProcesses::startOne).limit(3).toList();

  RedisClusterProcesses() {
    for (int n = 0; n < masters.size(); n++) {
      masters.get(n).ask("CLUSTER SET-CONFIG-EPOCH " + (n + 1));
      assertThat(masters.get(n).ask("CLUSTER ADDSLOTS " + slotsOf(n))).startsWith("+OK");
      masters.getFirst().ask("CLUSTER MEET 127.0.0.1 " + masters.get(n).port());
    }
    await().atMost(Duration.ofSeconds(30)).until(() -> masters.stream().allMatch(this::knowsAll));
  }

  private static RedisProcess startOne() {
    return RedisProcess.start(
        "--cluster-enabled",
        "yes",
        "--cluster-node-timeout",
        "5000",
        "--cluster-require-full-coverage",
        "no");
  }

  private String slotsOf(int master) {
    return IntStream.range(0, SLOTS)
        .filter(slot -> masterOf(slot) == master)
        .mapToObj(Integer::toString)
        .collect(joining(" "));
  }

  private int masterOf(int slot) {
    return slot * masters.size() / SLOTS;
  }

  private boolean knowsAll(RedisProcess master) {
    String known = master.ask("CLUSTER INFO");
    return known.contains("cluster_state:ok")
        && known.contains("cluster_slots_ok:" + SLOTS)
        && known.contains("cluster_known_nodes:" + masters.size());
  }

  List<RedisProcess> masters() {
    return masters;
  }

  /** The one that a key lies on. */
  RedisProcess masterOf(String key) {
    String answer = masters.getFirst().ask("CLUSTER KEYSLOT " + key);
    return masters.get(masterOf(Integer.parseInt(answer.substring(1, answer.indexOf('\r')))));
  }

  @Override
  public Topology topology() {
    return new Topology.Cluster(masters.stream().map(RedisProcess::address).toList());
  }

  @Override
  public Duration processorTime() {
    return masters.stream().map(RedisProcess::processorTime).reduce(Duration.ZERO, Duration::plus);
  }

  @Override
  public void freeze() {
    masters.forEach(RedisProcess::freeze);
  }

  @Override
  public void thaw() {
    masters.forEach(RedisProcess::thaw);
  }

  @Override
  public void close() {
    masters.forEach(RedisProcess::close);
  }
}
