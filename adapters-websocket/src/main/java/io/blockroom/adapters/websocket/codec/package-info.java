/** The wire format: the one place that knows how messages look as JSON and workspaces as XML. */
@NullMarked
package io.blockroom.adapters.websocket.codec;

import org.jspecify.annotations.NullMarked;
