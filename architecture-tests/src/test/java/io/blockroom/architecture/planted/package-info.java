/**
 * A small Blockroom that breaks every rule once, and beside it code that comes close and breaks
 * none.
 */
@NullMarked
package io.blockroom.architecture.planted;

import org.jspecify.annotations.NullMarked;
