/**
 * What is stored in ZooKeeper beside pool states, as records, and the strict conversions between
 * all stored records and their Protocol Buffers: start with {@link
 * dev.sluice.cluster.record.Codecs}.
 */
@NullMarked
package dev.sluice.cluster.record;

import org.jspecify.annotations.NullMarked;
