@NullMarked
package io.blockroom.domain.participant;

import org.jspecify.annotations.NullMarked;
