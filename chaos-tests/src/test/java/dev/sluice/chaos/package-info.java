/** Faults against a whole cluster in network namespaces, under traffic. */
@NullMarked
package dev.sluice.chaos;

import org.jspecify.annotations.NullMarked;
