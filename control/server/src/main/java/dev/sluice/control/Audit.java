package dev.sluice.control;

import dev.sluice.cluster.record.AuditEvent;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was done, in the process's log; the cluster's audit log got it with the write itself. */
final class Audit {
    private static final Logger log = LoggerFactory.getLogger(Audit.class);

    private Audit() {}

    static void logged(AuditEvent event) {
        log.atInfo()
                .addKeyValue("actor", event.actor())
                .addKeyValue("subject", event.subject())
                .addKeyValue("effect", event.effect())
                .addKeyValue("generation", event.generation())
                .log("cluster." + event.action());
    }
}
