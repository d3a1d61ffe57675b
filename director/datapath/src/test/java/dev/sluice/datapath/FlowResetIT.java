package dev.sluice.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.datapath.bpf.BpfFs;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** Single flows ended in the kernel: what their clients and servers see, and who is left alone. */
class FlowResetIT {
    private static final Path PINS = Checkout.pins("datapath-test-reset");
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private interface Scenario {
        void run(TestSockets sockets, FlowReset reset, KernelFlows flows) throws Exception;
    }

    private static void inNamespace(Scenario scenario) {
        Capability.BPF.require();
        Capability.NAMESPACES.require();
        try (TestNamespace namespace = RedirectPacketTest.withAddresses("datapath-reset")) {
            KernelFlows flows = KernelFlows.open(PINS.resolve("sockets"));
            namespace.call(() -> {
                try (FlowReset reset = FlowReset.open();
                        TestSockets sockets = sockets(0)) {
                    scenario.run(sockets, reset, flows);
                }
                return true;
            });
        } finally {
            BpfFs.removeDirectory(PINS);
        }
    }

    /** Of the flow whose client has a port that many above that of the cases. */
    private static TestSockets sockets(int above) {
        InetSocketAddress client = RedirectPacketTest.client();
        return new TestSockets(
                new InetSocketAddress(client.getAddress(), client.getPort() + above),
                RedirectPacketTest.vip());
    }

    private static void assertReset(SocketChannel client) {
        assertThatThrownBy(() -> read(client))
                .isInstanceOf(IOException.class)
                .hasMessage("Connection reset");
    }

    private static int read(SocketChannel channel) throws IOException {
        return channel.read(ByteBuffer.allocate(1));
    }

    @Test
    void endsAnEstablishedFlowForClientAndServer() {
        inNamespace((sockets, reset, flows) -> {
            SocketChannel server = sockets.establish();

            assertThat(reset.reset(RedirectCase.FLOW)).isTrue();
            assertReset(sockets.clientEnd());
            assertThatThrownBy(() -> read(server))
                    .isInstanceOf(IOException.class)
                    .hasMessage("Software caused connection abort");
            assertThat(flows.liveFlows()).isEmpty();
        });
    }

    @Test
    void endsAFlowOfAnIpv4Listener() {
        inNamespace((sockets, reset, flows) -> {
            sockets.establish(sockets.listenIpv4());

            assertThat(reset.reset(RedirectCase.FLOW)).isTrue();
            assertReset(sockets.clientEnd());
        });
    }

    @Test
    void endsAFlowThatNobodyAcceptedYet() {
        inNamespace((sockets, reset, flows) -> {
            sockets.listen();
            sockets.connect();

            assertThat(reset.reset(RedirectCase.FLOW)).isTrue();
            assertReset(sockets.clientEnd());
            assertThat(flows.liveFlows()).isEmpty();
        });
    }

    @Test
    void endsRequestSocketsWhoseClientsAreResetWhenTheySpeak() {
        inNamespace((sockets, reset, flows) -> {
            sockets.request();

            assertThat(reset.reset(RedirectCase.FLOW)).isTrue();
            assertThat(flows.liveFlows()).doesNotContain(RedirectCase.FLOW);
            assertThat(sockets.clientEnd().write(ByteBuffer.allocate(1))).isEqualTo(1);
            assertReset(sockets.clientEnd());
        });
    }

    @Test
    void endsARequestSocketOfAnIpv6Listener() {
        inNamespace((sockets, reset, flows) -> {
            sockets.requestOfIpv6Listener();

            assertThat(reset.reset(RedirectCase.FLOW)).isTrue();
            assertThat(flows.liveFlows()).doesNotContain(RedirectCase.FLOW);
        });
    }

    @Test
    void endsAnOrphan() {
        inNamespace((sockets, reset, flows) -> {
            SocketChannel server = sockets.establish();
            TestSockets.choke(server);
            server.close();

            assertThat(reset.reset(RedirectCase.FLOW)).isTrue();
            assertThat(flows.liveFlows()).isEmpty();
        });
    }

    @Test
    void leavesOtherFlowsOfTheListenerAlone() {
        inNamespace((sockets, reset, flows) -> {
            try (TestSockets other = sockets(1);
                    ServerSocketChannel listener = sockets.listen()) {
                sockets.establish(listener);
                SocketChannel server = other.establish(listener);

                assertThat(reset.reset(RedirectCase.FLOW)).isTrue();
                assertThat(server.write(ByteBuffer.allocate(1))).isEqualTo(1);
                assertThat(read(other.clientEnd())).isEqualTo(1);
            }
        });
    }

    @Test
    void neverTakesTheListenerForAFlowThatIsGone() {
        inNamespace((sockets, reset, flows) -> {
            try (ServerSocketChannel listener = sockets.listen()) {
                assertThat(reset.reset(RedirectCase.FLOW)).isFalse();
                assertThat(sockets.establish(listener).write(NOTHING)).isZero();
            }
        });
    }

    @Test
    void leavesTimeWaitAlone() {
        inNamespace((sockets, reset, flows) -> {
            sockets.timeWait();
            assertThat(reset.reset(RedirectCase.FLOW)).isFalse();
        });
    }
}
