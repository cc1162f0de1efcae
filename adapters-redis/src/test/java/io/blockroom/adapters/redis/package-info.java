@NullMarked
package io.blockroom.adapters.redis;

import org.jspecify.annotations.NullMarked;
