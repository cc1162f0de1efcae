/** Planted in-memory twins. */
@NullMarked
package io.blockroom.architecture.planted.fakes;

import org.jspecify.annotations.NullMarked;
