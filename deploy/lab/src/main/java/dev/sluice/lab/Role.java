package dev.sluice.lab;

import java.util.Locale;

/** What a node of the lab does. */
public enum Role {
    ROUTER(0),
    CLIENT(1),
    ZOOKEEPER(150),
    CONTROL(2),
    DIRECTOR(10),
    PROXY(50),
    UPSTREAM(100);

    private final int firstSubnet;

    Role(int firstSubnet) {
        this.firstSubnet = firstSubnet;
    }

    /** The third octet of the first such node's underlay block. */
    int firstSubnet() {
        return firstSubnet;
    }

    /** There are several of them, so that their names carry a number. */
    boolean isNumbered() {
        return compareTo(ZOOKEEPER) >= 0;
    }

    /** Whether IPv6 packets of clients come by. */
    public boolean hasIpv6() {
        return switch (this) {
            case ROUTER, CLIENT, DIRECTOR, PROXY -> true;
            case ZOOKEEPER, CONTROL, UPSTREAM -> false;
        };
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
