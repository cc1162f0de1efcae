/** The cases of crashes, outages and partitions, each on real servers in processes of their own. */
@NullMarked
package io.blockroom.faults;

import org.jspecify.annotations.NullMarked;
