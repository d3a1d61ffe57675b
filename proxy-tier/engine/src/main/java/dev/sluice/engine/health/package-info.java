/**
 * Checks whether endpoints are well: start with {@link dev.sluice.engine.health.HealthChecks}. What
 * comes of it is kept by {@link dev.sluice.engine.balance.Endpoints}.
 */
@NullMarked
package dev.sluice.engine.health;

import org.jspecify.annotations.NullMarked;
