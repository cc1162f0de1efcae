/** Edits and the rule that says which may stand. */
@NullMarked
package io.blockroom.domain.commit;

import org.jspecify.annotations.NullMarked;
