/**
 * What is done to a cluster under traffic, and the verdict: start with {@link
 * dev.sluice.lab.scenario.Scenario}.
 */
@NullMarked
package dev.sluice.lab.scenario;

import org.jspecify.annotations.NullMarked;
