package dev.sluice.cluster.transition;

import java.util.List;

/**
 * One step of a change that is still to come.
 *
 * @param waitsFor in words
 * @param who directors and proxies that are waited for
 */
public record Phase(Name name, String waitsFor, List<String> who) {
    public Phase {
        who = List.copyOf(who);
    }

    /** PROTOCOL's words; CLOSE is of GLB's wire only. */
    public enum Name {
        PREPARE,
        COMMIT,
        CLOSE,
        SETTLE
    }
}
