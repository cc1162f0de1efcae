package io.blockroom.architecture.planted.adapters.redis;

import jakarta.json.spi.JsonProvider;

/** Takes a JSON parser from the provider itself. */
public final class LocksThatReadJson {
  public JsonProvider provider() {
    return JsonProvider.provider();
  }
}
