package io.blockroom.adapters.redis;

/** The ports' contracts on a Redis that sentinels watch. */
class RedissonSentinelContractTest extends RedissonContracts {
  RedissonSentinelContractTest() {
    super(new RedisSentinelProcesses());
  }
}
