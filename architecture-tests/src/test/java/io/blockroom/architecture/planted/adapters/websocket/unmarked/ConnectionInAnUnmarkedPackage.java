package io.blockroom.architecture.planted.adapters.websocket.unmarked;

/** Its package says nothing about null. */
public record ConnectionInAnUnmarkedPackage() {}
