package dev.sluice.engine.listener;

import dev.sluice.cluster.l7.ProxyProtocol;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.tls.ClientHello;
import dev.sluice.engine.tls.TlsServer;

import io.netty.channel.Channel;

import org.jspecify.annotations.Nullable;

/**
 * A listener at work: immutable but for its count of connections, which a new revision of the
 * listener takes over.
 */
public record Entrance(
        String listener, Terms terms, Opening opening, Protocol protocol, Occupancy occupancy) {

    /**
     * What every connection is held to.
     *
     * @param connections at the same time
     * @param openingNanos for what comes before the protocol's first byte
     */
    public record Terms(int connections, long openingNanos, ProxyProtocol proxyProtocol) {}

    /** How connections begin, after the PROXY header. */
    public sealed interface Opening {}

    /** With the protocol's own bytes. */
    public record Plain() implements Opening {}

    /** With a handshake. */
    public record Terminated(TlsServer tls) implements Opening {}

    /** With a ClientHello that is looked at and passed on. */
    public record Overheard(int helloBytes) implements Opening {}

    /** What is spoken on a connection. */
    public interface Protocol {
        /**
         * Adds what is needed to the end of the pipeline; on the connection's event loop.
         *
         * @param hello null unless it was overheard
         */
        void begin(Channel channel, Peer peer, @Nullable ClientHello hello);
    }

    /** Null where connections do not begin with a handshake. */
    public @Nullable TlsServer tls() {
        return opening instanceof Terminated(TlsServer tls) ? tls : null;
    }

    /** False if there are too many; each true needs a {@link #leave()}. */
    boolean enter() {
        return occupancy.enter(terms.connections());
    }

    void leave() {
        occupancy.leave();
    }
}
