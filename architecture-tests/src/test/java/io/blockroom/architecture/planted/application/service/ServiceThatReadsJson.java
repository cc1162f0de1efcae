package io.blockroom.architecture.planted.application.service;

import jakarta.json.JsonNumber;

/** The application depends on a library. */
public record ServiceThatReadsJson(JsonNumber json) {}
