/** Real PostgreSQL and Redis as child processes, for machines where nobody set them up. */
@NullMarked
package io.blockroom.bootstrap.embedded;

import org.jspecify.annotations.NullMarked;
