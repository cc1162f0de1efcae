/** The started server as clients meet it, on real PostgreSQL and real Redis. */
@NullMarked
package io.blockroom.bootstrap.endtoend;

import org.jspecify.annotations.NullMarked;
