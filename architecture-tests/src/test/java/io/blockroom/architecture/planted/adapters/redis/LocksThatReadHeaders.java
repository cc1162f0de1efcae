package io.blockroom.architecture.planted.adapters.redis;

import io.helidon.http.HeaderName;

/** Helidon's HTTP types behind the edge. */
public record LocksThatReadHeaders(HeaderName header) {}
