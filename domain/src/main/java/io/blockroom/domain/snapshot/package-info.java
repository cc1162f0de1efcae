/** The stored state of a workspace. */
@NullMarked
package io.blockroom.domain.snapshot;

import org.jspecify.annotations.NullMarked;
