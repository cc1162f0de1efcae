package io.blockroom.architecture.planted.domain.block;

import jakarta.json.JsonNumber;

/** The domain depends on a library. */
public record BlockFromJson(JsonNumber json) {}
