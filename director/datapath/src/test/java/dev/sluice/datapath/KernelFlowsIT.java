package dev.sluice.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cluster.agent.DisplacedRows;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.cluster.table.RowHash;
import dev.sluice.datapath.KernelFlows.Socket;
import dev.sluice.datapath.KernelFlows.State;
import dev.sluice.datapath.bpf.BpfFs;

import org.junit.jupiter.api.Test;

import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;

/** The kernel's own list of flows, against sockets put into each state. */
class KernelFlowsIT {
    private static final Path PINS = Checkout.pins("datapath-test-flows");

    private static final ForwardingTable TABLE = TestPools.table(7, "p1 p2");

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

    /** The flow is there in that state, and its row is in the report of a host not open there. */
    private static void assertHeld(KernelFlows flows, State state) {
        assertThat(serverStates(flows)).containsExactly(state);
        DisplacedRows held = DisplacedRows.of(TABLE, "p9", flows.liveFlows(), false);
        assertThat(held.rows().rows())
                .containsExactly(RowHash.row(TABLE.spec(), RedirectCase.FLOW));
        assertThat(held.flows()).isEqualTo(1);
    }

    private static List<State> serverStates(KernelFlows flows) {
        return flows.sockets().stream()
                .filter(s -> s.key().equals(RedirectCase.FLOW))
                .map(Socket::state)
                .toList();
    }

    @Test
    void holdsAnEstablishedFlow() {
        inNamespace((sockets, flows) -> {
            sockets.establish();
            assertHeld(flows, State.ESTABLISHED);
        });
    }

    @Test
    void holdsAnEstablishedFlowOfAnIpv4Listener() {
        inNamespace((sockets, flows) -> {
            sockets.establish(sockets.listenIpv4());
            assertHeld(flows, State.ESTABLISHED);
        });
    }

    @Test
    void holdsAFlowThatNobodyAcceptedYet() {
        inNamespace((sockets, flows) -> {
            sockets.listen();
            sockets.connect();
            assertHeld(flows, State.ESTABLISHED);
        });
    }

    @Test
    void holdsARequestSocket() {
        inNamespace((sockets, flows) -> {
            sockets.request();
            assertHeld(flows, State.REQUEST);
        });
    }

    @Test
    void holdsARequestSocketOfAnIpv6Listener() {
        inNamespace((sockets, flows) -> {
            sockets.requestOfIpv6Listener();
            assertHeld(flows, State.REQUEST);
        });
    }

    @Test
    void holdsAFlowWhoseClientSaidAll() {
        inNamespace((sockets, flows) -> {
            sockets.establish();
            sockets.clientEnd().shutdownOutput();
            assertHeld(flows, State.CLOSE_WAIT);
        });
    }

    @Test
    void holdsAFlowWhoseServerSaidAll() {
        inNamespace((sockets, flows) -> {
            sockets.establish().shutdownOutput();
            // The client acknowledges when it pleases. Only this thread is in the namespace.
            await().pollInSameThread().untilAsserted(() -> assertHeld(flows, State.FIN_WAIT2));
        });
    }

    @Test
    void holdsAnOrphanThatHasDataToSend() {
        inNamespace((sockets, flows) -> {
            SocketChannel server = sockets.establish();
            TestSockets.choke(server);
            server.close();
            assertHeld(flows, State.FIN_WAIT1);
        });
    }

    @Test
    void holdsAnOrphanThatBothEndsClosedAtOnce() {
        inNamespace((sockets, flows) -> {
            SocketChannel server = sockets.establish();
            TestSockets.choke(server);
            server.close();
            sockets.clientEnd().shutdownOutput();
            assertHeld(flows, State.CLOSING);
        });
    }

    @Test
    void holdsAnOrphanWhoseClientClosedFirst() {
        inNamespace((sockets, flows) -> {
            SocketChannel server = sockets.establish();
            TestSockets.choke(server);
            sockets.clientEnd().shutdownOutput();
            server.close();
            assertHeld(flows, State.LAST_ACK);
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
