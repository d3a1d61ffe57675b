@NullMarked
package dev.sluice.cluster.l7.route;

import org.jspecify.annotations.NullMarked;
