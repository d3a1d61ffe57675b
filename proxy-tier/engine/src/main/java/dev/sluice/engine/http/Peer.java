package dev.sluice.engine.http;

import dev.sluice.cluster.config.HostPort;

/**
 * The two ends of a client's connection.
 *
 * @param local where it came in
 * @param secure over TLS
 * @param clientText the remote address as servers are told about it
 */
public record Peer(HostPort remote, HostPort local, boolean secure, String clientText) {

    public Peer(HostPort remote, HostPort local, boolean secure) {
        this(remote, local, secure, remote.address().toString());
    }
}
