package dev.sluice.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import dev.sluice.cluster.agent.DisplacedRows;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.datapath.bpf.BpfFs;
import dev.sluice.datapath.bpf.Fd;
import dev.sluice.datapath.bpf.TcpSockets;

import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.List;

/** A host with many flows: what it costs to list them, to find their rows and to end them. */
class ManyFlowsIT {
    private static final Logger LOG = LoggerFactory.getLogger(ManyFlowsIT.class);
    private static final Path PINS = Checkout.pins("datapath-test-many");
    private static final int FLOWS = 50_000;
    private static final int ROUNDS = 5;

    @Test
    void listsAndEndsFiftyThousandFlows() {
        Capability.BPF.require();
        Capability.NAMESPACES.require();
        try (TestNamespace namespace = withManyClients()) {
            KernelFlows flows = KernelFlows.open(PINS.resolve("sockets"));
            namespace.call(() -> {
                try (ServerSocketChannel listener =
                        ServerSocketChannel.open(StandardProtocolFamily.INET)) {
                    listener.bind(RedirectPacketTest.vip(), FLOWS * 2);
                    connectAll();
                    for (int i = 0; i < ROUNDS; i++) {
                        scan(flows);
                    }
                    endAll(flows);
                }
                return true;
            });
        } finally {
            BpfFs.removeDirectory(PINS);
        }
    }

    /** Their addresses are behind a device that swallows what it is given. */
    private static TestNamespace withManyClients() {
        TestNamespace there = RedirectPacketTest.withAddresses("datapath-many");
        there.ip("link", "add", "out", "type", "bridge");
        there.ip("link", "set", "out", "arp", "off", "up");
        there.ip("route", "add", "198.18.0.0/16", "dev", "out");
        there.sysctl(
                "net.ipv4.tcp_syncookies=0",
                "net.ipv4.tcp_max_syn_backlog=" + FLOWS * 2,
                "net.core.somaxconn=" + FLOWS * 2);
        return there;
    }

    /** Handshakes that nobody completes: flows without a file descriptor. */
    private static void connectAll() {
        InetSocketAddress vip = RedirectPacketTest.vip();
        try (Fd raw = TcpSockets.rawIp()) {
            for (int i = 0; i < FLOWS; i++) {
                Address client = Address.parse("198.18." + i / 250 + "." + (1 + i % 250));
                byte[] syn = TestFrames.tcp(40_000, vip.getPort(), TestFrames.SYN, i, 0);
                byte[] segment = TestFrames.checkedTcp(client, TestPools.VIP, syn);
                TcpSockets.send(raw, TestFrames.ipv4(6, client, TestPools.VIP, segment), vip);
            }
        }
    }

    private static void scan(KernelFlows flows) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = threads.getCurrentThreadAllocatedBytes();
        long start = System.nanoTime();
        List<FlowKey> live = flows.liveFlows();
        long listed = System.nanoTime();
        DisplacedRows held = DisplacedRows.of(TestPools.table(7, "p1 p2"), "p9", live, false);
        long hashed = System.nanoTime();
        assertThat(live).hasSize(FLOWS);
        assertThat(held.flows()).isEqualTo(FLOWS);
        LOG.atInfo()
                .addKeyValue("flows", FLOWS)
                .addKeyValue("listedMicros", (listed - start) / 1000)
                .addKeyValue("hashedMicros", (hashed - listed) / 1000)
                .addKeyValue("allocated", threads.getCurrentThreadAllocatedBytes() - allocated)
                .log("flows.scanned");
    }

    private static void endAll(KernelFlows flows) {
        List<FlowKey> live = flows.liveFlows();
        long start = System.nanoTime();
        try (FlowReset reset = FlowReset.open()) {
            assertThat(reset.reset(live)).isEqualTo(FLOWS);
        }
        LOG.atInfo()
                .addKeyValue("flows", FLOWS)
                .addKeyValue("micros", (System.nanoTime() - start) / 1000)
                .log("flows.ended");
        assertThat(flows.liveFlows()).isEmpty();
    }
}
