/** Measures a running server from outside; docs/performance.md has the figures and the commands. */
@NullMarked
package io.blockroom.benchmarks;

import org.jspecify.annotations.NullMarked;
