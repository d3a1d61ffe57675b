package dev.sluice.lab.scenario;

import dev.sluice.cluster.pool.PoolSpec.Wire;

/** By whose rules changes are made. */
public enum Discipline {
    /** Sluice's: several changes at once, and those are refused that could cut a connection. */
    SLUICE(Wire.SLUICE, "Sluice"),

    /** GLB's bytes, and its documented rule of one change at a time, enforced. */
    GLB(Wire.GLB, "wire: glb"),

    /** GLB's bytes and pairs of hops, and nobody who enforces the rule: as GLB is operated. */
    UNCHECKED(Wire.GLB, "GLB unchecked");

    private final Wire wire;
    private final String title;

    Discipline(Wire wire, String title) {
        this.wire = wire;
        this.title = title;
    }

    public Wire wire() {
        return wire;
    }

    /** For a table's head. */
    public String title() {
        return title;
    }
}
