package io.blockroom.adapters.redis;

/** The ports' contracts on a Redis Cluster. */
class RedissonClusterContractTest extends RedissonContracts {
  RedissonClusterContractTest() {
    super(new RedisClusterProcesses());
  }
}
