/** What happened to a room, as it was recorded, and whether it may have happened so. */
@NullMarked
package io.blockroom.application.history;

import org.jspecify.annotations.NullMarked;
