/** Who is in a room. */
@NullMarked
package io.blockroom.domain.participant;

import org.jspecify.annotations.NullMarked;
