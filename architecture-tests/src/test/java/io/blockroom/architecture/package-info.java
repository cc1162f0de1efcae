/** The architecture as tests, and the proof that each of them would notice a breach. */
@NullMarked
package io.blockroom.architecture;

import org.jspecify.annotations.NullMarked;
