package dev.sluice.engine.balance;

import org.jspecify.annotations.Nullable;

import java.util.random.RandomGenerator;

/** Whom a request is given to, among those that are in use. Thread-safe; allocates nothing. */
interface Distributor {

    /** Null if there is nobody (else). */
    @Nullable Endpoint pick(Roster roster, Picking picking, RandomGenerator random, long nowNanos);
}
