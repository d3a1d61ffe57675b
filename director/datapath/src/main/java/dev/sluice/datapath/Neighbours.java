package dev.sluice.datapath;

import dev.sluice.cluster.pool.Proxy;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.List;

/**
 * Makes the kernel learn the MAC addresses on the way to the hops. A program that asks the kernel's
 * routes cannot wait for ARP and drops packets to a neighbour that is unknown.
 */
final class Neighbours {
    private static final Logger LOG = LoggerFactory.getLogger(Neighbours.class);
    private static final int DISCARD_PORT = 9;

    private Neighbours() {}

    /** Sends each hop an empty datagram. Does not wait for answers. */
    static void ask(List<Proxy> hops) {
        try (DatagramChannel channel = DatagramChannel.open()) {
            for (Proxy hop : hops) {
                ask(channel, hop);
            }
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("neighbours.unasked");
        }
    }

    private static void ask(DatagramChannel channel, Proxy hop) {
        try {
            channel.send(
                    ByteBuffer.allocate(0),
                    new InetSocketAddress(hop.address().inet(), DISCARD_PORT));
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("proxy", hop.id())
                    .addKeyValue("address", hop.address())
                    .addKeyValue("cause", e.getMessage())
                    .log("neighbour.unreachable");
        }
    }
}
