/** What the outside may ask of Blockroom. */
@NullMarked
package io.blockroom.application.port.in;

import org.jspecify.annotations.NullMarked;
