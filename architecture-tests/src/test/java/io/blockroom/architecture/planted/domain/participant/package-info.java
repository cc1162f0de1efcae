/** Planted participants. */
@NullMarked
package io.blockroom.architecture.planted.domain.participant;

import org.jspecify.annotations.NullMarked;
