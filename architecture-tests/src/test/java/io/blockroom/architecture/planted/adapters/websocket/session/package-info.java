/** The other half of a cycle. */
@NullMarked
package io.blockroom.architecture.planted.adapters.websocket.session;

import org.jspecify.annotations.NullMarked;
