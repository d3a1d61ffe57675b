package dev.sluice.control;

import dev.sluice.cluster.record.AuditEvent;
import dev.sluice.cluster.zookeeper.EventLog;
import dev.sluice.cluster.zookeeper.StoreException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what was done to the process's log and to the cluster's audit log. */
final class Audit {
    private static final Logger log = LoggerFactory.getLogger(Audit.class);

    private final EventLog events;

    Audit(EventLog events) {
        this.events = events;
    }

    /** To the process's log only: the event was written with the state that it is about. */
    static void logged(AuditEvent event) {
        log.atInfo()
                .addKeyValue("actor", event.actor())
                .addKeyValue("subject", event.subject())
                .addKeyValue("effect", event.effect())
                .addKeyValue("generation", event.generation())
                .log("cluster." + event.action());
    }

    /** Blocks. What was done stays done if the audit log cannot be reached: that is logged. */
    void record(AuditEvent event) {
        logged(event);
        try {
            events.append(event);
        } catch (StoreException e) {
            log.atWarn().setCause(e).log("audit.not_written");
        }
    }
}
