/**
 * What directors and proxy hosts decide, as pure step functions {@code (state, observation,
 * nowNanos) → (state, effects)}: start with {@link dev.sluice.cluster.agent.DirectorStep} and
 * {@link dev.sluice.cluster.agent.ProxyHostStep}. Processes observe and carry out effects; they
 * decide nothing themselves.
 */
@NullMarked
package dev.sluice.cluster.agent;

import org.jspecify.annotations.NullMarked;
