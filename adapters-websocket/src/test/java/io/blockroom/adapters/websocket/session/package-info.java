@NullMarked
package io.blockroom.adapters.websocket.session;

import org.jspecify.annotations.NullMarked;
