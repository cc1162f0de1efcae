/** What participants are doing. */
@NullMarked
package io.blockroom.domain.presence;

import org.jspecify.annotations.NullMarked;
