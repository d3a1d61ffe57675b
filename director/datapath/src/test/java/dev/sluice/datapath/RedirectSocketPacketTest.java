package dev.sluice.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.packet.FrameVerdict;
import dev.sluice.cluster.packet.RedirectCounter;
import dev.sluice.cluster.packet.RedirectModel;
import dev.sluice.cluster.packet.RedirectRule.Socket;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.datapath.TestFrames.Stamp;
import dev.sluice.datapath.bpf.Fd;
import dev.sluice.datapath.bpf.TcpSockets;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Packets whose verdict hangs on a number that only the kernel's own handshake has. */
class RedirectSocketPacketTest {
    private static final ForwardingTable TABLE = TestPools.table(7, "p1 p2", "p3 p4");
    private static final ForwardingTable GLB =
            TestPools.table(TestPools.spec(PoolSpec.Wire.GLB), 7, "p1 p2");

    /** Sends a frame through a program that stands beside the sockets, and through the model. */
    private interface Scenario {
        void run(TestSockets sockets, Function<byte[], Set<RedirectCounter>> program)
                throws Exception;
    }

    private static void on(ForwardingTable table, Scenario scenario) {
        Capability.BPF.require();
        Capability.NAMESPACES.require();
        try (TestNamespace namespace = RedirectPacketTest.withAddresses("datapath-sockets")) {
            namespace.sysctl("net.ipv4.tcp_syncookies=1");
            namespace.call(() -> {
                try (LoadedRedirect redirect =
                                new LoadedRedirect(first(table), Transmit.toSender());
                        TestSockets sockets =
                                new TestSockets(
                                        RedirectPacketTest.client(), RedirectPacketTest.vip())) {
                    redirect.install(table, true);
                    scenario.run(sockets, frame -> redirect.run(frame).counters());
                }
                return true;
            });
        }
    }

    private static Address first(ForwardingTable table) {
        return RedirectCase.chain(table).getFirst();
    }

    private static byte[] sluice(int flags, int acknowledgement) {
        List<Address> chain = RedirectCase.chain(TABLE);
        return TestFrames.sluice(
                RedirectCase.DIRECTOR,
                chain.getFirst(),
                Stamp.of(7),
                chain.subList(1, chain.size()),
                RedirectCase.tcp(flags, acknowledgement));
    }

    private static Set<RedirectCounter> model(Socket socket, byte[] frame) {
        FrameVerdict<RedirectCounter> verdict =
                new RedirectModel(
                                first(TABLE),
                                Optional.empty(),
                                List.of(TABLE),
                                f -> socket,
                                p -> true)
                        .process(frame);
        return verdict.counters();
    }

    @Test
    void requestSocketKnowsTheAcknowledgementOfItsOwnSynAck() {
        on(
                TABLE,
                (sockets, program) -> {
                    int isn = sockets.request();
                    byte[] frame = sluice(TestFrames.ACK, isn + 1);

                    assertThat(program.apply(frame)).containsExactly(RedirectCounter.KEPT_KNOWN);
                    assertThat(model(new Socket.Request(isn), frame))
                            .containsExactly(RedirectCounter.KEPT_KNOWN);
                });
    }

    @Test
    void requestSocketDoesNotKnowTheAcknowledgementOfAnotherProxysSynAck() {
        on(
                TABLE,
                (sockets, program) -> {
                    int isn = sockets.request();
                    byte[] frame = sluice(TestFrames.ACK, isn + 2);

                    assertThat(program.apply(frame)).containsExactly(RedirectCounter.NEXT_HOP);
                    assertThat(model(new Socket.Request(isn), frame))
                            .containsExactly(RedirectCounter.NEXT_HOP);
                });
    }

    @Test
    void requestSocketKnowsARepeatedSynAndAResetWithoutAck() {
        on(
                TABLE,
                (sockets, program) -> {
                    int isn = sockets.request();
                    for (int flags : new int[] {TestFrames.SYN, TestFrames.RST}) {
                        byte[] frame = sluice(flags, 0);
                        assertThat(program.apply(frame))
                                .containsExactly(RedirectCounter.KEPT_KNOWN);
                        assertThat(model(new Socket.Request(isn), frame))
                                .containsExactly(RedirectCounter.KEPT_KNOWN);
                    }
                });
    }

    @Test
    void timeWaitSocketKnowsWhatIsLeftOfItsFlowButNoSyn() {
        on(
                TABLE,
                (sockets, program) -> {
                    sockets.timeWait();
                    byte[] syn = sluice(TestFrames.SYN, 0);
                    byte[] ack = sluice(TestFrames.ACK, 1);

                    assertThat(program.apply(syn)).containsExactly(RedirectCounter.KEPT_SYN);
                    assertThat(model(new Socket.TimeWait(), syn))
                            .containsExactly(RedirectCounter.KEPT_SYN);
                    assertThat(program.apply(ack)).containsExactly(RedirectCounter.KEPT_KNOWN);
                    assertThat(model(new Socket.TimeWait(), ack))
                            .containsExactly(RedirectCounter.KEPT_KNOWN);
                });
    }

    @Test
    void requestSocketKnowsEveryPacketInTheFormatOfGlb() {
        on(
                GLB,
                (sockets, program) -> {
                    int isn = sockets.request();
                    List<Address> chain = RedirectCase.chain(GLB);
                    byte[] frame =
                            TestFrames.glb(
                                    RedirectCase.DIRECTOR,
                                    chain.getFirst(),
                                    chain.subList(1, 2),
                                    RedirectCase.tcp(TestFrames.ACK, isn + 2));

                    assertThat(program.apply(frame)).containsExactly(RedirectCounter.KEPT_KNOWN);
                });
    }

    @Test
    void listenerKnowsItsOwnCookieAndNoOther() {
        on(
                TABLE,
                (sockets, program) -> {
                    sockets.listen();
                    int cookie = cookie();
                    byte[] valid = sluice(TestFrames.ACK, cookie + 1);
                    byte[] forged = sluice(TestFrames.ACK, cookie + 0x01010102);

                    assertThat(program.apply(valid)).containsExactly(RedirectCounter.KEPT_COOKIE);
                    assertThat(program.apply(forged)).containsExactly(RedirectCounter.NEXT_HOP);
                    assertThat(model(new Socket.Listener(true), valid))
                            .containsExactly(RedirectCounter.KEPT_COOKIE);
                    assertThat(model(new Socket.Listener(false), forged))
                            .containsExactly(RedirectCounter.NEXT_HOP);
                });
    }

    @Test
    void cookieIsAskedForABareAcknowledgementOnly() {
        on(
                TABLE,
                (sockets, program) -> {
                    sockets.listen();
                    int cookie = cookie();
                    for (int more : new int[] {TestFrames.FIN, TestFrames.RST}) {
                        byte[] frame = sluice(TestFrames.ACK | more, cookie + 1);
                        assertThat(program.apply(frame)).containsExactly(RedirectCounter.NEXT_HOP);
                        assertThat(model(new Socket.Listener(true), frame))
                                .containsExactly(RedirectCounter.NEXT_HOP);
                    }
                });
    }

    @Test
    void reportsThatCookiesWereSent() {
        on(
                TABLE,
                (sockets, program) -> {
                    sockets.listen();
                    long before = SynCookies.sent();
                    assertThat(cookie()).isNotZero();
                    assertThat(SynCookies.sent()).isEqualTo(before + 1);
                });
    }

    /** The sequence number of a SYN-ACK that is a cookie, sent to a client without a socket. */
    private static int cookie() {
        Shell.run("sysctl", "-qw", "net.ipv4.tcp_syncookies=2");
        InetSocketAddress client = RedirectPacketTest.client();
        byte[] syn =
                TestFrames.tcp(
                        client.getPort(),
                        RedirectPacketTest.vip().getPort(),
                        TestFrames.SYN,
                        76,
                        0);
        try (Fd raw = TcpSockets.raw(new InetSocketAddress(client.getAddress(), 0))) {
            TcpSockets.send(
                    raw,
                    TestFrames.checkedTcp(
                            RedirectCase.FLOW.source(), RedirectCase.FLOW.destination(), syn),
                    RedirectPacketTest.vip());
            return TestSockets.synAck(raw);
        }
    }
}
