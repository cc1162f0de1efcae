/** Rooms, what happens in them and what they look like. */
@NullMarked
package io.blockroom.domain.room;

import org.jspecify.annotations.NullMarked;
