/**
 * Participants' connections: what they say becomes use cases, what their room says goes to them.
 */
@NullMarked
package io.blockroom.adapters.websocket.session;

import org.jspecify.annotations.NullMarked;
