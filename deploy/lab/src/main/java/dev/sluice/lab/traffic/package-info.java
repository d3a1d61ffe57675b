/** Clients in the lab: they count every connection that breaks. */
@NullMarked
package dev.sluice.lab.traffic;

import org.jspecify.annotations.NullMarked;
