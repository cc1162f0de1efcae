/** No layer at all. */
@NullMarked
package io.blockroom.architecture.planted.misc;

import org.jspecify.annotations.NullMarked;
