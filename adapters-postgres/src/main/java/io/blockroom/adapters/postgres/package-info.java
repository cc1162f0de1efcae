/** Rooms and workspaces in PostgreSQL. */
@NullMarked
package io.blockroom.adapters.postgres;

import org.jspecify.annotations.NullMarked;
