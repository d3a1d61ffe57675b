package dev.sluice.director;

import dev.sluice.cluster.table.ForwardingTable;

import java.io.IOException;
import java.util.Map;

/** The datapath as a director sees it. Confined to the director's owner thread. */
public interface Forwarder extends AutoCloseable {
    /** For people: {@code xdp}. */
    String name();

    /** Pool to the generation that packets go by now. */
    Map<String, Long> installed() throws IOException;

    /** Puts a table live in one step; on failure the running one stays. */
    void install(ForwardingTable table) throws IOException;

    /** Lets go of the datapath, which goes on forwarding. */
    @Override
    void close();
}
