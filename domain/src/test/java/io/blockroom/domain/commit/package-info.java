@NullMarked
package io.blockroom.domain.commit;

import org.jspecify.annotations.NullMarked;
