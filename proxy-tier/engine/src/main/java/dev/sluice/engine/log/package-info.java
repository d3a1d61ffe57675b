/** What is told about requests: the access log, and counts by upstream. */
@NullMarked
package dev.sluice.engine.log;

import org.jspecify.annotations.NullMarked;
