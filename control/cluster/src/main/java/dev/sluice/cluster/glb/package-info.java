/**
 * GitHub GLB's forwarding tables: read from its JSON, computed, written in its binary format, and
 * turned into pools. Start with {@link dev.sluice.cluster.glb.GlbTable}.
 */
@NullMarked
package dev.sluice.cluster.glb;

import org.jspecify.annotations.NullMarked;
