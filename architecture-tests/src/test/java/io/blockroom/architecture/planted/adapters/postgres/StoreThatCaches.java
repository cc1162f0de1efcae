package io.blockroom.architecture.planted.adapters.postgres;

import org.redisson.api.RedissonClient;

/** Redisson outside its adapter. */
public record StoreThatCaches(RedissonClient cache) {}
