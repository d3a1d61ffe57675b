/**
 * YAML with locations: text becomes a valid record or the list of everything that is wrong with it.
 * Pure, without file access. Start with {@link dev.sluice.cluster.config.Yaml}.
 */
@NullMarked
package dev.sluice.cluster.config;

import org.jspecify.annotations.NullMarked;
