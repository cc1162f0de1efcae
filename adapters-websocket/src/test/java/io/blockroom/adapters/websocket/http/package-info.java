@NullMarked
package io.blockroom.adapters.websocket.http;

import org.jspecify.annotations.NullMarked;
