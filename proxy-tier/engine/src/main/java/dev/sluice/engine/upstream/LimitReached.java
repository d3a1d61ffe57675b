package dev.sluice.engine.upstream;

import dev.sluice.cluster.config.HostPort;

import java.net.ConnectException;

/** The endpoint has as many connections as it may, and none came free in time: nobody's fault. */
public final class LimitReached extends ConnectException {
    private static final long serialVersionUID = 1;

    LimitReached(HostPort endpoint) {
        super(endpoint + " has as many connections as it may");
    }
}
