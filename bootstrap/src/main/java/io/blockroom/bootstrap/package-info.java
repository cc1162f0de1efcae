/** Starts Blockroom: settings in, a running server out, everything stopped again in reverse. */
@NullMarked
package io.blockroom.bootstrap;

import org.jspecify.annotations.NullMarked;
