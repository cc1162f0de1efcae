/** A part of an adapter that looks outwards. */
@NullMarked
package io.blockroom.architecture.planted.adapters.websocket.settings;

import org.jspecify.annotations.NullMarked;
