/** A planted driven adapter. */
@NullMarked
package io.blockroom.architecture.planted.adapters.redis;

import org.jspecify.annotations.NullMarked;
