@NullMarked
package io.blockroom.domain.block;

import org.jspecify.annotations.NullMarked;
