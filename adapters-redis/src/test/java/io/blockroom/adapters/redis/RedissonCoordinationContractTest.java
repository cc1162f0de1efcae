package io.blockroom.adapters.redis;

/** The ports' contracts on one Redis. */
class RedissonCoordinationContractTest extends RedissonContracts {
  RedissonCoordinationContractTest() {
    super(RedisProcess.start());
  }
}
