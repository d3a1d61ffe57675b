package dev.sluice.proxy;

import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.cluster.table.ForwardingTable;

import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/** The second-chance datapath as a proxy sees it. Confined to the proxy's owner thread. */
public interface Redirect extends AutoCloseable {
    /** Pool to the generation that packets go by now. */
    Map<String, Long> installed() throws IOException;

    /** Puts a table live in one step; on failure the running one stays. */
    void install(ForwardingTable table) throws IOException;

    /**
     * Unknown packets may be answered by a reset until then (PROTOCOL rule 20).
     *
     * @param untilNanos CLOCK_MONOTONIC, as {@link System#nanoTime}; 0 = no longer
     */
    void confirm(long untilNanos) throws IOException;

    /**
     * Takes encapsulated packets from these only, as long as {@link #confirm} says next.
     *
     * @param senders addresses on the underlay; empty: from everybody
     */
    void allowSenders(Set<Address> senders) throws IOException;

    /** The kernel's TCP flows in every state but LISTEN and TIME_WAIT. */
    Collection<FlowKey> flows() throws IOException;

    /**
     * Ends flows of this host in the kernel: their clients are sent resets.
     *
     * @return how many it ended
     * @throws IOException if the kernel cannot do that; some may have been ended
     */
    int reset(Collection<FlowKey> flows) throws IOException;

    /** SYN cookies were sent within the last 64 s, as long as one stays valid. */
    boolean cookiesSentLately() throws IOException;

    /** Lets go of the datapath, which goes on redirecting. */
    @Override
    void close();
}
