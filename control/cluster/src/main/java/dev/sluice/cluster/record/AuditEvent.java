package dev.sluice.cluster.record;

/**
 * One line of the audit log.
 *
 * @param actor who: a user, or a controller
 * @param action e.g. {@code drain}
 * @param subject what it was done to, e.g. {@code web/proxy-1}
 * @param generation that it led to; 0 = none
 */
public record AuditEvent(
        long unixMs, String actor, String action, String subject, String effect, long generation) {}
