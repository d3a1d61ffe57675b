/** Files that the proxy serves itself: start with {@link dev.sluice.engine.files.Directory}. */
@NullMarked
package dev.sluice.engine.files;

import org.jspecify.annotations.NullMarked;
