package dev.sluice.lab.history;

import dev.sluice.lab.Cluster.Usage;
import dev.sluice.lab.traffic.FailureKind;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Something that happened. Times are milliseconds since the history began. */
public sealed interface Event {
    /** When it began. */
    long atMs();

    /** What kind of connection is pinned, and how its bytes are checked. */
    enum PinKind {
        /** Records to and fro in one request and its response, each checked at both ends. */
        TALK,
        /** A response without an end, checked byte by byte. */
        DOWNLOAD,
        /** A request without an end, whose length and SHA-256 the server tells at last. */
        UPLOAD,
        /** Records as WebSocket messages, each checked at both ends. */
        WEBSOCKET,
        /** Records as messages of a gRPC stream, each checked at both ends. */
        GRPC
    }

    /**
     * How something ended that should not have.
     *
     * @param message what the client's socket said
     */
    record Broken(FailureKind kind, String message) {}

    /**
     * A connection that was to live as long as the traffic.
     *
     * @param client its address and port; empty if it was never connected
     * @param proxy who served it; empty if nobody answered
     * @param upstream likewise
     * @param units records or bytes that were right
     * @param stallMs the longest time without one
     * @param broken empty if the client ended it, and all was right
     */
    record Pin(
            long atMs,
            long endMs,
            PinKind kind,
            long number,
            boolean tls,
            String client,
            String proxy,
            String upstream,
            long units,
            long stallMs,
            Optional<Broken> broken)
            implements Event {}

    /**
     * A short request and its response.
     *
     * @param id no other request's
     * @param proxy who answered, or who had answered on its connection before; may be empty
     */
    record Request(
            long atMs,
            long endMs,
            String id,
            String method,
            boolean tls,
            String client,
            String proxy,
            String upstream,
            Optional<Broken> failure)
            implements Event {
        /** HTTP lets an intermediary send it again (RFC 9110, 9.2.2). */
        public boolean isIdempotent() {
            return !method.equals("POST");
        }
    }

    /**
     * Something that was done to the cluster, and what it may cost.
     *
     * @param what in words, with the node's name
     * @param node empty if it is about no single one
     * @param endMs when it was undone; its start for what happens in a moment
     * @param budgetMs for so long from its start new requests may fail
     * @param excused nodes whose connections and requests may break while it lasts
     * @param strays it leaves packets that are nobody's though no living connection was cut
     * @param detectedMs when the control plane's status showed it; empty if that never did
     */
    record Fault(
            long atMs,
            long endMs,
            String what,
            String node,
            long budgetMs,
            List<String> excused,
            boolean strays,
            OptionalLong detectedMs)
            implements Event {
        public Fault {
            excused = List.copyOf(excused);
        }
    }

    /**
     * A change that an operator asked for.
     *
     * @param refusal why it was not accepted; empty if it was
     */
    record Change(long atMs, long endMs, String what, String refusal) implements Event {}

    /**
     * After the last fault was healed: everybody is at work, nothing is open.
     *
     * @param whole false if that was not so in time
     * @param seen what was missing then
     */
    record Convergence(long atMs, long endMs, boolean whole, String seen) implements Event {}

    /** A request that an upstream server wrote down. */
    record Delivery(long atMs, String upstream, String id, String method) implements Event {}

    /**
     * What is held while there is no traffic.
     *
     * @param node empty for the cluster as a whole
     * @param usage of a node
     * @param znodes of the cluster
     * @param pins files in the BPF file system, of the cluster
     */
    record Rest(long atMs, String node, Optional<Usage> usage, long znodes, long pins)
            implements Event {}

    /** Packets that no proxy knew, by the redirect programs' counters. */
    record LastResorts(long atMs, long packets) implements Event {}
}
