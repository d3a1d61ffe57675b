/** SipHash and rendezvous: start with {@link dev.sluice.cluster.hash.Rendezvous}. */
@NullMarked
package dev.sluice.cluster.hash;

import org.jspecify.annotations.NullMarked;
