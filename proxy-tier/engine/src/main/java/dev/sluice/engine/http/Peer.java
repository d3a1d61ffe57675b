package dev.sluice.engine.http;

import dev.sluice.cluster.config.HostPort;

/**
 * The two ends of a client's connection.
 *
 * @param local where it came in
 */
public record Peer(HostPort remote, HostPort local, boolean secure) {}
