/** What can be set, where it is read from, and what is refused. */
@NullMarked
package io.blockroom.bootstrap.settings;

import org.jspecify.annotations.NullMarked;
