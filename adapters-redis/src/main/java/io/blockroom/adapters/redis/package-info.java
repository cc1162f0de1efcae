/** Seats, block locks and broadcast, kept in Redis and shared by all servers. */
@NullMarked
package io.blockroom.adapters.redis;

import org.jspecify.annotations.NullMarked;
