package dev.sluice.cluster.record;

import dev.sluice.cluster.table.FlowKey;

/** What a control process asks every director. */
public sealed interface Question {
    /** The control process that asks. */
    String askedBy();

    /** Where does your program send this flow, and why? */
    record Trace(String askedBy, FlowKey flow) implements Question {}

    /** What have you counted? */
    record Counters(String askedBy) implements Question {}
}
