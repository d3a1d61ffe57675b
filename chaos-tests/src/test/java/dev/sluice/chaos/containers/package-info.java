/** A cluster of containers under test: the image and the compose file that users have. */
@NullMarked
package dev.sluice.chaos.containers;

import org.jspecify.annotations.NullMarked;
