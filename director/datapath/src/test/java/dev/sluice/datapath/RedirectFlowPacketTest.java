package dev.sluice.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.packet.RedirectCounter;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.cluster.table.RowHash;
import dev.sluice.datapath.TestFrames.Stamp;
import dev.sluice.datapath.bpf.Fd;
import dev.sluice.datapath.bpf.TcpSockets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.function.Function;

/** Flows of IPv6 and of datagrams are known by this host's sockets, as those of TCP by IPv4 are. */
class RedirectFlowPacketTest {
    private static final int PORT = 443;
    private static final int CLIENT_PORT = 40_000;
    private static final Address CLIENT6 = Address.parse("2001:db8:c::7");
    private static final Address VIP6 = Address.parse("2001:db8:f::10");
    private static final List<Bind> BINDS =
            List.of(
                    Bind.tcp(VIP6, PORT),
                    new Bind(VIP6, 128, Protocol.UDP, PORT, PORT),
                    new Bind(TestPools.VIP, 32, Protocol.UDP, PORT, PORT));

    /** In transition: who takes new flows asks the others about those it does not know. */
    private static final ForwardingTable TABLE =
            TestPools.table(TestPools.spec(Wire.SLUICE, BINDS), 7, "p1 p2", "p3 p4");

    private interface Scenario {
        void run(Function<byte[], RedirectCounter> host) throws Exception;
    }

    /** On the first host of a flow's chain, whose namespace has both ends of it. */
    private static void onFirstHostOf(FlowKey flow, Scenario scenario) {
        Capability.BPF.require();
        Capability.NAMESPACES.require();
        List<Address> chain =
                TABLE.hopsOf(RowHash.row(TABLE.spec(), flow)).stream().map(Proxy::address).toList();
        try (TestNamespace namespace = TestNamespace.create("datapath-flows")) {
            for (Address end : List.of(flow.source(), flow.destination())) {
                String bits = end.isIpv4() ? "/32" : "/128";
                namespace.run("ip", "addr", "add", end + bits, "dev", "lo");
            }
            namespace.call(() -> {
                try (LoadedRedirect redirect =
                        new LoadedRedirect(chain.getFirst(), Transmit.toSender())) {
                    redirect.install(TABLE, true);
                    scenario.run(packet ->
                            redirect.run(fromDirector(chain, packet)).counters().iterator().next());
                }
                return true;
            });
        }
    }

    private static byte[] fromDirector(List<Address> chain, byte[] packet) {
        return TestFrames.sluice(
                RedirectCase.DIRECTOR,
                chain.getFirst(),
                Stamp.of(7),
                chain.subList(1, chain.size()),
                packet);
    }

    private static FlowKey flow(Protocol protocol, String client, Address vip) {
        return new FlowKey(protocol, Address.parse(client), CLIENT_PORT, vip, PORT);
    }

    private static FlowKey tcp6() {
        return flow(Protocol.TCP, CLIENT6.toString(), VIP6);
    }

    private static byte[] ack6(int acknowledgement) {
        byte[] segment = TestFrames.tcp(CLIENT_PORT, PORT, TestFrames.ACK, 77, acknowledgement);
        return DirectorVariants.ipv6(6, CLIENT6, VIP6, segment);
    }

    private static InetSocketAddress at(Address address, int port) {
        return new InetSocketAddress(address.inet(), port);
    }

    @Test
    void anEstablishedFlowOfIpv6IsKnown() {
        onFirstHostOf(
                tcp6(),
                host -> {
                    assertThat(host.apply(ack6(1))).isEqualTo(RedirectCounter.NEXT_HOP);
                    try (TestSockets sockets =
                            new TestSockets(at(CLIENT6, CLIENT_PORT), at(VIP6, PORT))) {
                        sockets.establish();
                        assertThat(host.apply(ack6(1))).isEqualTo(RedirectCounter.KEPT_KNOWN);
                    }
                });
    }

    @Test
    void aListenerOfIpv6KnowsItsOwnCookieAndNoOther() {
        onFirstHostOf(
                tcp6(),
                host -> {
                    Shell.run("sysctl", "-qw", "net.ipv4.tcp_syncookies=2");
                    try (TestSockets sockets =
                            new TestSockets(at(CLIENT6, CLIENT_PORT), at(VIP6, PORT))) {
                        sockets.listen();
                        int cookie = cookie6();
                        assertThat(host.apply(ack6(cookie + 1)))
                                .isEqualTo(RedirectCounter.KEPT_COOKIE);
                        assertThat(host.apply(ack6(cookie + 0x01010102)))
                                .isEqualTo(RedirectCounter.NEXT_HOP);
                    }
                });
    }

    /** The sequence number of a SYN-ACK that is a cookie, sent to a client without a socket. */
    private static int cookie6() {
        byte[] syn = TestFrames.tcp(CLIENT_PORT, PORT, TestFrames.SYN, 76, 0);
        try (Fd raw = TcpSockets.raw(at(CLIENT6, 0))) {
            TcpSockets.send(raw, TestFrames.checkedTcp(CLIENT6, VIP6, syn), at(VIP6, 0));
            return TestSockets.synAck(raw, 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"198.19.0.7", "2001:db8:c::7"})
    void aConnectedSocketKnowsItsDatagramsAndAnotherOneNone(String client) {
        boolean isIpv4 = Address.parse(client).isIpv4();
        FlowKey flow = flow(Protocol.UDP, client, isIpv4 ? TestPools.VIP : VIP6);
        byte[] datagram = TestFrames.udp(CLIENT_PORT, PORT, new byte[9]);
        byte[] packet =
                isIpv4
                        ? TestFrames.ipv4(17, flow.source(), flow.destination(), datagram)
                        : DirectorVariants.ipv6(17, flow.source(), flow.destination(), datagram);
        onFirstHostOf(
                flow,
                host -> {
                    try (DatagramChannel socket = DatagramChannel.open()) {
                        socket.bind(at(flow.destination(), PORT));
                        assertThat(host.apply(packet)).isEqualTo(RedirectCounter.NEXT_HOP);
                        socket.connect(at(flow.source(), CLIENT_PORT));
                        assertThat(host.apply(packet)).isEqualTo(RedirectCounter.KEPT_KNOWN);
                    }
                });
    }
}
