/** Planted blocks. */
@NullMarked
package io.blockroom.architecture.planted.domain.block;

import org.jspecify.annotations.NullMarked;
