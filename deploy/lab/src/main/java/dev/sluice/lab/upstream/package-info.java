/** The lab's upstream server. */
@NullMarked
package dev.sluice.lab.upstream;

import org.jspecify.annotations.NullMarked;
