/** Planted in-ports. */
@NullMarked
package io.blockroom.architecture.planted.application.port.in;

import org.jspecify.annotations.NullMarked;
