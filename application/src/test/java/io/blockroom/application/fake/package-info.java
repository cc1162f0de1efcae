/** The out-ports kept in memory, for tests. */
@NullMarked
package io.blockroom.application.fake;

import org.jspecify.annotations.NullMarked;
