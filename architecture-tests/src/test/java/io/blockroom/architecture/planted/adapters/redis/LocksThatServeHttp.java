package io.blockroom.architecture.planted.adapters.redis;

import io.helidon.webserver.http.ServerRequest;

/** Helidon's web API behind the edge. */
public record LocksThatServeHttp(ServerRequest request) {}
