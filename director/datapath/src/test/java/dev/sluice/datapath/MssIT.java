package dev.sluice.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.pool.Address;
import dev.sluice.datapath.bpf.EgressFilter;
import dev.sluice.datapath.bpf.Libc;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A path of 1,500 bytes from end to end, with the underlay on it. */
class MssIT {
    private static final int UPLOAD = 2_000_000;

    /** Longest outer headers: four hops. */
    private static final int OVERHEAD = 60;

    private static final int TIMESTAMPS = 12;
    private static final Pattern MSS = Pattern.compile("\\bmss:(\\d+)");

    @ParameterizedTest
    @ValueSource(strings = {"203.0.113.10", "2001:db8:f::10"})
    void clientsSendNoLongerSegmentsThanFitThrough(String vip) throws Exception {
        Capability.BPF.require();
        Capability.NAMESPACES.require();
        Address address = Address.parse(vip);
        try (Fabric fabric = Fabric.routed(1)) {
            everyLinkTakes1500Bytes(fabric);
            try (Tier tier = new Tier(fabric, Transmit.toSender())) {
                tier.install(TestPools.dual(1, "p1"));

                int headers = address.isIpv4() ? 40 : 60;
                assertThat(upload(fabric, address))
                        .isEqualTo(1500 - OVERHEAD - headers - TIMESTAMPS);
                assertThat(tier.packets(DirectorCounter.TOO_BIG_SENT)).isZero();

                // Without it the client has to be told by an error, on which networks differ.
                fabric.node("p1").run(() -> EgressFilter.detach(Libc.deviceIndex(Fabric.DEVICE)));
                upload(fabric, address);
                assertThat(tier.packets(DirectorCounter.TOO_BIG_SENT)).isPositive();
            }
        }
    }

    private static void everyLinkTakes1500Bytes(Fabric fabric) {
        Stream.of(Fabric.CLIENT, Fabric.DIRECTOR, "p1")
                .forEach(node -> {
                    fabric.node(node).ip("link", "set", Fabric.DEVICE, "mtu", "1500");
                    fabric.hub().ip("link", "set", node, "mtu", "1500");
                });
    }

    /**
     * @return the length of the client's segments
     */
    private static int upload(Fabric fabric, Address vip) throws Exception {
        InetSocketAddress server = new InetSocketAddress(vip.inet(), 443);
        try (ServerSocketChannel listener =
                        fabric.node("p1").call(() -> ServerSocketChannel.open().bind(server));
                SocketChannel client =
                        fabric.node(Fabric.CLIENT).call(() -> connect(listener, server))) {
            ByteBuffer data = ByteBuffer.allocate(UPLOAD);
            while (data.hasRemaining()) {
                client.write(data);
            }
            Matcher mss = MSS.matcher(fabric.node(Fabric.CLIENT).run("ss", "-Htin"));
            assertThat(mss.find()).isTrue();
            client.shutdownOutput();
            ByteBuffer received = ByteBuffer.allocate(Integer.BYTES);
            while (received.hasRemaining() && client.read(received) >= 0) {}
            assertThat(received.getInt(0)).isEqualTo(UPLOAD);
            return Integer.parseInt(mss.group(1));
        }
    }

    private static SocketChannel connect(ServerSocketChannel listener, InetSocketAddress server)
            throws IOException {
        Thread.ofVirtual().start(() -> answer(listener));
        SocketChannel channel = SocketChannel.open();
        channel.socket().connect(server, 5_000);
        return channel;
    }

    /** Reads to the end, and says how much that was. */
    private static void answer(ServerSocketChannel listener) {
        try (SocketChannel channel = listener.accept()) {
            ByteBuffer chunk = ByteBuffer.allocate(1 << 16);
            int sum = 0;
            for (int bytes = 0; bytes >= 0; bytes = channel.read(chunk.clear())) {
                sum += bytes;
            }
            channel.write(ByteBuffer.allocate(Integer.BYTES).putInt(0, sum));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
