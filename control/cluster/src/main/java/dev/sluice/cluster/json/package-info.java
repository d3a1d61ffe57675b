/**
 * Strict JSON (RFC 8259) with locations, for files that other systems write. Pure, without file
 * access. Start with {@link dev.sluice.cluster.json.Json}.
 */
@NullMarked
package dev.sluice.cluster.json;

import org.jspecify.annotations.NullMarked;
