/** Another planted driven adapter. */
@NullMarked
package io.blockroom.architecture.planted.adapters.postgres;

import org.jspecify.annotations.NullMarked;
