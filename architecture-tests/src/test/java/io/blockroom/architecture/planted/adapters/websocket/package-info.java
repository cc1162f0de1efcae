/** A planted driving adapter. */
@NullMarked
package io.blockroom.architecture.planted.adapters.websocket;

import org.jspecify.annotations.NullMarked;
