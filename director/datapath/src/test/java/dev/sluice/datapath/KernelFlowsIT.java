package dev.sluice.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.datapath.KernelFlows.Socket;
import dev.sluice.datapath.KernelFlows.State;
import dev.sluice.datapath.bpf.BpfFs;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;

/** The kernel's own list of flows, against sockets put into each state. */
class KernelFlowsIT {
    private static final Path PINS = Path.of(BpfFs.ROOT, "datapath-test-flows");

    private interface Scenario {
        void run(TestSockets sockets, KernelFlows flows) throws Exception;
    }

    private static void inNamespace(Scenario scenario) {
        Capability.BPF.require();
        Capability.NAMESPACES.require();
        try (TestNamespace namespace = RedirectPacketTest.withAddresses("datapath-flows")) {
            KernelFlows flows = KernelFlows.open(PINS.resolve("sockets"));
            namespace.call(() -> {
                try (TestSockets sockets =
                        new TestSockets(RedirectPacketTest.client(), RedirectPacketTest.vip())) {
                    scenario.run(sockets, flows);
                }
                return true;
            });
        } finally {
            BpfFs.removeDirectory(PINS);
        }
    }

    private static List<State> serverStates(KernelFlows flows) {
        return flows.sockets().stream()
                .filter(s -> s.key().equals(RedirectCase.FLOW))
                .map(Socket::state)
                .toList();
    }

    @Test
    void listsAnEstablishedFlowWithItsClientAsSource() {
        inNamespace((sockets, flows) -> {
            sockets.establish();
            assertThat(serverStates(flows)).containsExactly(State.ESTABLISHED);
            assertThat(flows.liveFlows()).contains(RedirectCase.FLOW);
        });
    }

    @Test
    void listsAFlowThatNobodyAcceptedYet() {
        inNamespace((sockets, flows) -> {
            sockets.listen();
            sockets.connect();
            assertThat(serverStates(flows)).containsExactly(State.ESTABLISHED);
        });
    }

    @Test
    void listsARequestSocket() {
        inNamespace((sockets, flows) -> {
            sockets.request();
            assertThat(serverStates(flows)).containsExactly(State.REQUEST);
            assertThat(flows.liveFlows()).contains(RedirectCase.FLOW);
        });
    }

    @Test
    void listsARequestSocketOfAnIpv6Listener() {
        inNamespace((sockets, flows) -> {
            sockets.requestOfIpv6Listener();
            assertThat(serverStates(flows)).containsExactly(State.REQUEST);
        });
    }

    @Test
    void listsAnOrphanThatHasDataToSend() {
        inNamespace((sockets, flows) -> {
            SocketChannel server = sockets.establish();
            server.configureBlocking(false);
            while (server.write(ByteBuffer.allocate(1 << 16)) > 0) {
                // The client does not read: what fits in no buffer waits here.
                assertThat(server.isOpen()).isTrue();
            }
            server.close();
            assertThat(serverStates(flows)).containsExactly(State.FIN_WAIT1);
            assertThat(flows.liveFlows()).contains(RedirectCase.FLOW);
        });
    }

    @Test
    void countsNeitherListenersNorTimeWaitAsLive() {
        inNamespace((sockets, flows) -> {
            sockets.timeWait();
            sockets.listen();
            assertThat(serverStates(flows)).containsExactly(State.TIME_WAIT);
            assertThat(flows.sockets()).anyMatch(s -> s.state() == State.LISTEN);
            assertThat(flows.liveFlows()).isEmpty();
        });
    }

    @Test
    void seesOnlyTheNamespaceOfTheReader() {
        inNamespace((sockets, flows) -> {
            sockets.establish();
            try (TestNamespace other = TestNamespace.create("datapath-flows2")) {
                assertThat(other.<List<Socket>>call(flows::sockets)).isEmpty();
            }
        });
    }
}
