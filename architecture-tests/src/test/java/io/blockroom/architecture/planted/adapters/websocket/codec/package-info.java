/** A planted codec. */
@NullMarked
package io.blockroom.architecture.planted.adapters.websocket.codec;

import org.jspecify.annotations.NullMarked;
