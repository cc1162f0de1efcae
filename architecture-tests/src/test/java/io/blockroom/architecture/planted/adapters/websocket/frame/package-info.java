/** Half of a cycle. */
@NullMarked
package io.blockroom.architecture.planted.adapters.websocket.frame;

import org.jspecify.annotations.NullMarked;
