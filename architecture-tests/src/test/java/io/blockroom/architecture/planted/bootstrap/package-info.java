/** A planted bootstrap. */
@NullMarked
package io.blockroom.architecture.planted.bootstrap;

import org.jspecify.annotations.NullMarked;
