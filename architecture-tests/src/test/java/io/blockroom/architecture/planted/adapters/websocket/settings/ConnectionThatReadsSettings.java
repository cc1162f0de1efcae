package io.blockroom.architecture.planted.adapters.websocket.settings;

import io.blockroom.architecture.planted.bootstrap.Settings;

/** An adapter depends on the bootstrap. */
public record ConnectionThatReadsSettings(Settings settings) {}
