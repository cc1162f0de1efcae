/** Planted out-ports. */
@NullMarked
package io.blockroom.architecture.planted.application.port.out;

import org.jspecify.annotations.NullMarked;
