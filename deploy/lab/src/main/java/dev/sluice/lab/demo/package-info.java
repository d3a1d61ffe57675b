/**
 * The main job in one command, and what makes it fail: start with {@link dev.sluice.lab.demo.Demo}.
 */
@NullMarked
package dev.sluice.lab.demo;

import org.jspecify.annotations.NullMarked;
