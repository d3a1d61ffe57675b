/** The lab's network: namespaces, links, routes and what XDP on veth needs. */
@NullMarked
package dev.sluice.lab.fabric;

import org.jspecify.annotations.NullMarked;
