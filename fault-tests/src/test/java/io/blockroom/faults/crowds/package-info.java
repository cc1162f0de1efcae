/**
 * Hundreds of clients at once. How long they wait is measured, so these run one after the other,
 * after all others.
 */
@NullMarked
package io.blockroom.faults.crowds;

import org.jspecify.annotations.NullMarked;
