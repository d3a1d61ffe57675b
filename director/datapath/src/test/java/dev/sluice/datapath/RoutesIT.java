package dev.sluice.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.packet.RedirectCounter;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.table.ForwardingTable;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.List;

/** Sending by the kernel's routes: what they refuse is dropped and counted by its reason. */
class RoutesIT {
    private static final int SMALL = 64;
    private static final int WHOLE_MTU = 1472;

    private interface Scenario {
        void run(Fabric fabric, Tier tier);
    }

    private static void onFlatNetwork(Scenario scenario) {
        Capability.BPF.require();
        Capability.NAMESPACES.require();
        try (Fabric fabric = Fabric.flat(1);
                Tier tier = new Tier(fabric, Transmit.byRoutes())) {
            scenario.run(fabric, tier);
        }
    }

    private static ForwardingTable table(long generation, String proxy) {
        Bind udp = new Bind(TestPools.VIP, 32, Bind.Protocol.UDP, TestPools.PORT, TestPools.PORT);
        return TestPools.table(
                TestPools.spec(PoolSpec.Wire.SLUICE, List.of(udp)), generation, proxy);
    }

    private static void send(Fabric fabric, int bytes) {
        fabric.node(Fabric.CLIENT)
                .call(() -> {
                    try (DatagramChannel channel = DatagramChannel.open()) {
                        return channel.send(
                                ByteBuffer.allocate(bytes),
                                new InetSocketAddress(TestPools.VIP.inet(), TestPools.PORT));
                    }
                });
    }

    /** That the director's kernel knows the MAC address of p1. */
    private static void awaitNeighbour(Fabric fabric) {
        TestNamespace director = fabric.node(Fabric.DIRECTOR);
        String p1 = TestPools.address("p1").toString();
        await().until(() -> director.run("ip", "neigh", "show", p1).contains("lladdr"));
    }

    private static void awaitCounted(Tier tier, DirectorCounter counter) {
        await().untilAsserted(() -> assertThat(tier.packets(counter)).isEqualTo(1));
    }

    @Test
    void installingATableMakesTheKernelLearnItsHops() {
        onFlatNetwork((fabric, tier) -> {
            tier.install(table(1, "p1"));
            awaitNeighbour(fabric);
            send(fabric, SMALL);
            awaitCounted(tier, DirectorCounter.FORWARDED);
            await().untilAsserted(() ->
                    assertThat(tier.packets("p1", RedirectCounter.KEPT_STATELESS)).isEqualTo(1));
        });
    }

    @Test
    void aHopThatNobodyAnswersForIsAnUnknownNeighbour() {
        onFlatNetwork((fabric, tier) -> {
            tier.install(table(1, "p6"));
            send(fabric, SMALL);
            awaitCounted(tier, DirectorCounter.DROP_NO_NEIGHBOUR);
        });
    }

    @Test
    void anUnreachableHopHasNoRoute() {
        onFlatNetwork((fabric, tier) -> {
            fabric.node(Fabric.DIRECTOR).ip("route", "add", "unreachable", "198.18.0.6/32");
            tier.install(table(1, "p6"));
            send(fabric, SMALL);
            awaitCounted(tier, DirectorCounter.DROP_NO_ROUTE);
        });
    }

    @Test
    void aPacketThatItsOuterHeadersMakeTooLongIsDropped() {
        onFlatNetwork((fabric, tier) -> {
            fabric.node(Fabric.DIRECTOR).ip("link", "set", Fabric.DEVICE, "mtu", "1500");
            tier.install(table(1, "p1"));
            awaitNeighbour(fabric);
            send(fabric, WHOLE_MTU);
            awaitCounted(tier, DirectorCounter.DROP_TOO_BIG);
        });
    }
}
