/** The HTTP side: rooms as resources, and what a browser sees at the server's address. */
@NullMarked
package io.blockroom.adapters.websocket.http;

import org.jspecify.annotations.NullMarked;
