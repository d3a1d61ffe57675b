package dev.sluice.engine.proxyprotocol;

import dev.sluice.cluster.config.HostPort;

/** A connection as its client made it. */
public record Ends(HostPort source, HostPort destination) {}
