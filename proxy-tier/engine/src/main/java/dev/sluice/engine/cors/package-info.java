/**
 * Which pages of other origins may read answers (WHATWG Fetch): start with {@link
 * dev.sluice.engine.cors.CorsPolicy}.
 */
@NullMarked
package dev.sluice.engine.cors;

import org.jspecify.annotations.NullMarked;
