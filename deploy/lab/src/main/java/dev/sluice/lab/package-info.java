/**
 * One machine as a cluster, in network namespaces: start with {@link dev.sluice.lab.Lab}. Needs
 * root.
 */
@NullMarked
package dev.sluice.lab;

import org.jspecify.annotations.NullMarked;
