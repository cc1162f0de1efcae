@NullMarked
package io.blockroom.domain.lock;

import org.jspecify.annotations.NullMarked;
