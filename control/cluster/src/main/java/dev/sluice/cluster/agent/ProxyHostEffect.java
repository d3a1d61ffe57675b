package dev.sluice.cluster.agent;

import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.table.RowSet;
import dev.sluice.cluster.transition.Facts.OwnedReport;

import java.util.Set;

/** What a proxy host does. */
public sealed interface ProxyHostEffect {
    /** Compute the table and put it live; answered by Installed or InstallFailed. */
    record Install(PoolState state) implements ProxyHostEffect {}

    /** Keep the installed state on disk; answered by Persisted. */
    record Persist(PoolState state) implements ProxyHostEffect {}

    /** Read the kernel's sockets; answered by Scanned. */
    record Scan(String pool, long generation) implements ProxyHostEffect {}

    /** Put the report on record. */
    record Report(String pool, OwnedReport report) implements ProxyHostEffect {}

    /**
     * End this host's flows on some rows of a pool: their deadline has passed and the fence lets no
     * new ones in (rule 10). Asked for again after every scan until none are left.
     */
    record ResetFlows(String pool, RowSet rows) implements ProxyHostEffect {}

    /**
     * The installed tables are confirmed until then (rule 20).
     *
     * @param untilNanos CLOCK_MONOTONIC; 0 = not confirmed
     */
    record Confirm(long untilNanos) implements ProxyHostEffect {}

    /**
     * Take encapsulated packets from these only, as long as tables are confirmed.
     *
     * @param addresses on the underlay; empty: from everybody
     */
    record AllowSenders(Set<Address> addresses) implements ProxyHostEffect {
        public AllowSenders {
            addresses = Set.copyOf(addresses);
        }
    }

    /** What the L7 engine does with connections. */
    record Serve(Mode mode) implements ProxyHostEffect {}

    /** Renew the member record from the state. */
    record PublishMember() implements ProxyHostEffect {}

    /** How the L7 engine treats connections. */
    enum Mode {
        SERVING,
        /** Finish what is there, keep nothing alive. */
        DRAINING,
        /** The deadline has passed: close what is left. */
        CUTTING
    }
}
