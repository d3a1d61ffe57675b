/**
 * The XDP programs of directors and proxy hosts and what their owners do with them: start with
 * {@link dev.sluice.datapath.DirectorDatapath} and {@link dev.sluice.datapath.RedirectDatapath}.
 */
@NullMarked
package dev.sluice.datapath;

import org.jspecify.annotations.NullMarked;
