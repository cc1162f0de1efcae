/** Planted rooms. */
@NullMarked
package io.blockroom.architecture.planted.domain.room;

import org.jspecify.annotations.NullMarked;
