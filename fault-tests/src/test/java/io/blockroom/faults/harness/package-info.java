/** What is hurt, what hurts it, who watches, and what is written down of it. */
@NullMarked
package io.blockroom.faults.harness;

import org.jspecify.annotations.NullMarked;
