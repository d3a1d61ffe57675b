package dev.sluice.proxy.bench;

import java.util.Locale;

/** A proxy's way to choose among its servers. */
public enum Balancer {
    HAPROXY_LEASTCONN(Peer.HAPROXY, "balance leastconn"),
    HAPROXY_RANDOM(Peer.HAPROXY, "balance random(2)"),
    NGINX_LEAST_CONN(Peer.NGINX, "least_conn;"),
    NGINX_RANDOM_TWO(Peer.NGINX, "random two least_conn;"),
    SLUICE_LEAST_REQUEST(Peer.SLUICE_EPOLL, "balance: least-request"),
    SLUICE_PEAK_EWMA(Peer.SLUICE_EPOLL, "balance: peak-ewma"),
    SLUICE_ROUND_ROBIN(Peer.SLUICE_EPOLL, "balance: round-robin");

    private final Peer peer;
    private final String setting;

    Balancer(Peer peer, String setting) {
        this.peer = peer;
        this.setting = setting;
    }

    /** The proxy that has it. */
    public Peer peer() {
        return peer;
    }

    /** In the words of the proxy's configuration. */
    String setting() {
        return setting;
    }

    /** What it is called in results. */
    public String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
