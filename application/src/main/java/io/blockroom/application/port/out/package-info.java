/** What the use cases need of the outside. */
@NullMarked
package io.blockroom.application.port.out;

import org.jspecify.annotations.NullMarked;
