package dev.sluice.control;

import dev.sluice.cluster.record.AuditEvent;
import dev.sluice.cluster.transition.Change;
import dev.sluice.cluster.transition.Decision;
import dev.sluice.cluster.transition.Risk;

/** What the audit log says of changes. Pure. */
final class Events {
    private Events() {}

    /**
     * @param forced it had been refused otherwise
     */
    static AuditEvent of(
            long unixMs,
            String actor,
            Basis basis,
            Change change,
            Decision.Accepted accepted,
            boolean forced) {
        return new AuditEvent(
                unixMs,
                actor,
                ChangeSyntax.action(change),
                subject(basis.state().name(), change),
                accepted.effect() + (forced ? risk(accepted.risk()) : ""),
                accepted.next().generation());
    }

    /** {@code web/proxy-1}. */
    static String subject(String pool, Change change) {
        String subject = ChangeSyntax.subject(change);
        return subject.isEmpty() ? pool : pool + "/" + subject;
    }

    private static String risk(Risk risk) {
        String unknown =
                risk.unknown().isEmpty()
                        ? ""
                        : ", not told by " + String.join(", ", risk.unknown());
        return "; FORCED at the risk of "
                + risk.flows()
                + " connections on "
                + risk.rows().size()
                + " rows"
                + unknown;
    }
}
