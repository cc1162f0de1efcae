/** Planted locks. */
@NullMarked
package io.blockroom.architecture.planted.domain.lock;

import org.jspecify.annotations.NullMarked;
