/** An in-port that knows who answers. */
@NullMarked
package io.blockroom.architecture.planted.application.port.in.leaking;

import org.jspecify.annotations.NullMarked;
