package dev.sluice.engine.http;

import dev.sluice.cluster.config.HostPort;

import io.netty.util.NetUtil;

import org.jspecify.annotations.Nullable;

/**
 * The two ends of a client's connection.
 *
 * @param remote the client, as a trusted load balancer in front tells of it, if there is one
 * @param local where the client came in, likewise
 * @param socket the two ends of the TCP connection itself
 * @param security null in plaintext
 * @param clientText the remote address as servers are told about it
 */
public record Peer(
        HostPort remote,
        HostPort local,
        Socket socket,
        @Nullable Security security,
        boolean secure,
        String clientText) {

    /** Ends of a TCP connection. */
    public record Socket(HostPort remote, HostPort local) {}

    public Peer(HostPort remote, HostPort local, boolean secure) {
        this(remote, local, new Socket(remote, local), null, secure, text(remote));
    }

    /** The same connection, made by another client than its socket says. */
    public Peer onBehalfOf(HostPort client, HostPort destination) {
        return new Peer(client, destination, socket, security, secure, text(client));
    }

    /** The same connection after its handshake. */
    public Peer secured(Security by) {
        return new Peer(remote, local, socket, by, true, clientText);
    }

    /** RFC 5952: servers compare it with what they have in lists. */
    private static String text(HostPort client) {
        return NetUtil.toAddressString(client.address().inet());
    }
}
