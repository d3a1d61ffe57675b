package dev.sluice.datapath;

import java.util.Optional;

/** How an encapsulated packet leaves the host. */
public sealed interface Transmit {

    /**
     * Back out of the device it came in by, to a router.
     *
     * @param mac of the router; empty: whoever sent the frame
     */
    record Gateway(Optional<MacAddress> mac) implements Transmit {}

    /**
     * Where the kernel's routes and neighbours say, for an underlay without a router between. Needs
     * {@code net.ipv4.conf.DEVICE.forwarding=1}.
     */
    record Fib() implements Transmit {}

    static Transmit toSender() {
        return new Gateway(Optional.empty());
    }

    static Transmit toGateway(MacAddress mac) {
        return new Gateway(Optional.of(mac));
    }

    static Transmit byRoutes() {
        return new Fib();
    }
}
