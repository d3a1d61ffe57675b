/** Rows and chains: start with {@link dev.sluice.cluster.table.ForwardingTable}. */
@NullMarked
package dev.sluice.cluster.table;

import org.jspecify.annotations.NullMarked;
