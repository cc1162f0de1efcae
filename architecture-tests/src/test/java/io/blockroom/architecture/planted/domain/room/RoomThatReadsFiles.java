package io.blockroom.architecture.planted.domain.room;

import java.nio.file.Path;

/** The domain depends on a device. */
public record RoomThatReadsFiles(Path file) {}
