/** Planted commits. */
@NullMarked
package io.blockroom.architecture.planted.domain.commit;

import org.jspecify.annotations.NullMarked;
