@NullMarked
package io.blockroom.domain.room;

import org.jspecify.annotations.NullMarked;
